using System.Diagnostics.Metrics;
using System.Globalization;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>Listens to the measurements of the library. All stores of the process are heard, so each test asks for its own.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Measured> _all = [];
    private readonly MeterListener _listener = new();

    public MeasurementRecorder()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == EventStoreTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double Sum(string schema, string instrument) => Of(schema, instrument).Sum(static one => one.Value);

    public IReadOnlyList<Measured> Of(string schema, string instrument)
    {
        lock (_gate)
            return [.. _all.Where(one => one.Instrument == instrument && one.Schema == schema)];
    }

    /// <summary>What an observed instrument says now; <see langword="null"/> if it says nothing of the schema.</summary>
    public double? Observe(string schema, string instrument)
    {
        lock (_gate)
            _all.RemoveAll(one => one.Instrument == instrument && one.Schema == schema);

        _listener.RecordObservableInstruments();
        return Of(schema, instrument) is [.., var last] ? last.Value : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct, IConvertible
    {
        string? schema = null, errorType = null, subscription = null, eventType = null;
        foreach (var (name, text) in tags)
        {
            if (name == EventStoreTelemetry.SchemaTag)
                schema = (string?)text;
            else if (name == EventStoreTelemetry.ErrorTypeTag)
                errorType = (string?)text;
            else if (name == EventStoreTelemetry.SubscriptionTag)
                subscription = (string?)text;
            else if (name == EventStoreTelemetry.EventTypeTag)
                eventType = (string?)text;
            else
                throw new InvalidOperationException($"{instrument.Name} has a tag that is not documented: {name}.");
        }

        lock (_gate)
            _all.Add(new Measured(instrument.Name, value.ToDouble(CultureInfo.InvariantCulture), schema, errorType)
            {
                Subscription = subscription,
                EventType = eventType,
            });
    }

    public sealed record Measured(string Instrument, double Value, string? Schema, string? ErrorType)
    {
        public string? Subscription { get; init; }

        public string? EventType { get; init; }
    }
}
