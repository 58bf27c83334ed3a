using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>What the sender of messages of a database tells of itself.</summary>
internal sealed class MessageTelemetry(StoreTelemetry store)
{
    /// <summary>Begins the span of a message that goes out: a trace of its own, linked to where it was published.</summary>
    /// <param name="type">The name of its type.</param>
    /// <param name="trace">The span that published it, as a <c>traceparent</c>.</param>
    /// <param name="origin">Its correlation and causation.</param>
    public Activity? Start(string type, string? trace, (string? CorrelationId, string? CausationId) origin)
    {
        if (!StoreTracing.IsOn)
            return null;

        IReadOnlyList<ActivityLink> links = ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var context)
            ? [new ActivityLink(context)]
            : TraceLinks.Of([origin]);
        return StoreTracing.StartSend($"send {type}", [store.SchemaTag, TypeTag(type)], links);
    }

    /// <summary>A call of the sink has ended.</summary>
    /// <param name="began">When it began, by <see cref="Stopwatch"/>.</param>
    /// <param name="type">The name of the message's type.</param>
    /// <param name="failure">Why it failed; <see langword="null"/> if it did not.</param>
    public void Called(long began, string type, Exception? failure)
    {
        var tags = new TagList { store.SchemaTag, TypeTag(type) };
        if (failure is not null)
            tags.Add(EventStoreTelemetry.ErrorTypeTag, ErrorType.Of(failure));

        MessageMeter.SendDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
        if (failure is not null)
            MessageMeter.Failures.Add(1, tags);
    }

    /// <summary>A message was sent, and that is written down.</summary>
    public void Sent(string type) => MessageMeter.Sent.Add(1, store.SchemaTag, TypeTag(type));

    /// <summary>A message failed that has failed for long.</summary>
    public void Alarm(string type) => MessageMeter.Alarms.Add(1, store.SchemaTag, TypeTag(type));

    private static KeyValuePair<string, object?> TypeTag(string type) => new(EventStoreTelemetry.MessageTypeTag, type);
}
