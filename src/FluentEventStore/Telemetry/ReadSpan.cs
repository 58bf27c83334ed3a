using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace FluentEventStore.Telemetry;

/// <summary>What something that reads has found.</summary>
internal sealed class ReadSpan
{
    private Exception? _failure;

    /// <summary>How many events it found.</summary>
    public int? Events { get; set; }

    /// <summary>How many documents it found.</summary>
    public int? Documents { get; set; }

    /// <summary>How many events it folded; <see langword="null"/> if it folds none.</summary>
    public int? ReplayedEvents { get; private set; }

    /// <summary>Notes that events were folded.</summary>
    public void Replay(int events) => ReplayedEvents = (ReplayedEvents ?? 0) + events;

    /// <summary>Notes a page of events.</summary>
    /// <param name="events">The events; <see langword="null"/> if it has to be read in another way.</param>
    /// <param name="failure">What is thrown when they are taken.</param>
    public void Take<T>(IReadOnlyCollection<T>? events, ExceptionDispatchInfo? failure)
    {
        Events = events?.Count;
        _failure = failure?.SourceException;
    }

    public void Tell(StoreTelemetry store, Activity? span)
    {
        if (ReplayedEvents is { } replayed)
            StoreMeter.ReplayedEvents.Record(replayed, store.SchemaTag);

        if (span is null)
            return;

        Tag(span, EventStoreTelemetry.EventsTag, Events);
        Tag(span, EventStoreTelemetry.DocumentsTag, Documents);
        Tag(span, EventStoreTelemetry.ReplayedEventsTag, ReplayedEvents);
        if (_failure is not null)
            StoreTracing.Fail(span, _failure);
    }

    private static void Tag(Activity span, string tag, int? count)
    {
        if (count is { } known)
            span.SetTag(tag, known);
    }
}
