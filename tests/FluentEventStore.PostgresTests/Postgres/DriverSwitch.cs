using System.Runtime.CompilerServices;

namespace FluentEventStore.PostgresTests.Postgres;

/// <summary>
/// The switch of the driver by which a <c>timestamptz</c> is read in local time. A process looks at it once, before anything is read.
/// </summary>
internal static class DriverSwitch
{
    /// <summary>Set to anything, it turns the switch on.</summary>
    public const string Variable = "FLUENTEVENTSTORE_TESTS_LEGACY_TIMESTAMPS";

    private const string Name = "Npgsql.EnableLegacyTimestampBehavior";

    public static bool IsOn => AppContext.TryGetSwitch(Name, out var isOn) && isOn;

    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            AppContext.SetSwitch(Name, true);
    }
}
