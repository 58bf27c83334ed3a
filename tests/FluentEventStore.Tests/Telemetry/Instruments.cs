using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Tests.Telemetry;

/// <summary>The instruments that the library publishes, and what they are called elsewhere.</summary>
internal static class Instruments
{
    public static IReadOnlyList<Instrument> All { get; } = FindAll();

    /// <summary>
    /// The names of an instrument in Prometheus, as OpenTelemetry's exporters make them: dots become underscores, a unit that is no
    /// annotation in braces is added in words, and so is what the kind of the instrument asks for.
    /// </summary>
    public static IEnumerable<string> NamesInPrometheus(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            { } other when other.StartsWith('{') => "",
            var other => throw new InvalidOperationException($"{instrument.Name} has a unit that is not known here: {other}."),
        };
        var name = instrument.Name.Replace('.', '_') + unit;
        return instrument.GetType().Name switch
        {
            "Counter`1" => [$"{name}_total"],
            "Histogram`1" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    public static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        "Counter`1" => "counter",
        "Histogram`1" => "histogram",
        "ObservableGauge`1" => "gauge",
        var other => other,
    };

    private static List<Instrument> FindAll()
    {
        RuntimeHelpers.RunClassConstructor(typeof(StoreMeter).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(SubscriptionMeter).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(MessageMeter).TypeHandle);
        List<Instrument> found = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == EventStoreTelemetry.Name)
                    found.Add(instrument);
            },
        };
        listener.Start();
        return found;
    }
}
