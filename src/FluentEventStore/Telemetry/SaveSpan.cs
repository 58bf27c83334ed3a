using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>Watches the saving of a unit of work.</summary>
internal sealed class SaveSpan(StoreTelemetry store, Activity? span) : IDisposable
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private int _events;

    /// <summary>Says what the unit holds.</summary>
    public void Describe(int events, int streams, int documents)
    {
        _events = events;
        span?.SetTag(EventStoreTelemetry.EventsTag, events);
        span?.SetTag(EventStoreTelemetry.StreamsTag, streams);
        if (documents > 0)
            span?.SetTag(EventStoreTelemetry.DocumentsTag, documents);
    }

    /// <summary>The unit is saved.</summary>
    /// <param name="wasSavedBefore">Whether somebody else had saved it: nothing was written then.</param>
    public void Succeed(bool wasSavedBefore)
    {
        if (wasSavedBefore)
        {
            span?.SetTag(EventStoreTelemetry.SavedBeforeTag, true);
        }
        else
        {
            StoreMeter.UnitsSaved.Add(1, store.SchemaTag);
            StoreMeter.EventsAppended.Add(_events, store.SchemaTag);
        }

        StoreMeter.SaveDuration.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds, store.SchemaTag);
    }

    /// <summary>The unit is not saved, or nobody knows.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="isConflict">Whether somebody else has written before.</param>
    public void Fail(Exception failure, bool isConflict)
    {
        StoreTracing.Fail(span, failure);
        KeyValuePair<string, object?> why = new(EventStoreTelemetry.ErrorTypeTag, ErrorType.Of(failure));
        StoreMeter.UnitsFailed.Add(1, store.SchemaTag, why);
        if (isConflict)
            StoreMeter.Conflicts.Add(1, store.SchemaTag, why);

        StoreMeter.SaveDuration.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds, store.SchemaTag, why);
    }

    public void Dispose() => span?.Dispose();
}
