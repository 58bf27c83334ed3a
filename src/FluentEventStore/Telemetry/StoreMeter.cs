using System.Diagnostics.Metrics;

namespace FluentEventStore.Telemetry;

/// <summary>The meter of the library and its instruments.</summary>
internal static class StoreMeter
{
    public const string Name = "FluentEventStore";

    private static readonly Meter Meter = new(Name);

    /// <summary>How many units of work were written in one transaction.</summary>
    public static Histogram<int> UnitsOfCommit { get; } = Meter.CreateHistogram<int>(
        "fluenteventstore.commit.units", "{unit}", "How many units of work that only append were written in one transaction.");
}
