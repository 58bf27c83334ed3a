using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>What the workers of one subscription tell of themselves.</summary>
internal sealed class SubscriptionTelemetry(StoreTelemetry store, string subscription)
{
    private readonly KeyValuePair<string, object?> _tag = new(EventStoreTelemetry.SubscriptionTag, subscription);

    public static bool IsTimed => SubscriptionMeter.HandlerDuration.Enabled;

    /// <summary>Events were handled, and that was written down.</summary>
    public void Handled(int events)
    {
        if (events > 0)
            SubscriptionMeter.EventsHandled.Add(events, store.SchemaTag, _tag);
    }

    /// <summary>An event that failed is handed over again.</summary>
    public void Retry() => SubscriptionMeter.Retries.Add(1, store.SchemaTag, _tag);

    /// <summary>The process took a range over.</summary>
    public void Claimed() => SubscriptionMeter.LeaseMoves.Add(1, store.SchemaTag, _tag);

    /// <summary>A call of the handler has ended.</summary>
    /// <param name="began">When it began, by <see cref="Stopwatch"/>.</param>
    /// <param name="eventType">For which type of events; <see langword="null"/> for a page of several.</param>
    /// <param name="errorType">Why it failed; <see langword="null"/> if it did not.</param>
    public void Called(long began, string? eventType, string? errorType)
    {
        var tags = new TagList { store.SchemaTag, _tag };
        if (eventType is not null)
            tags.Add(EventStoreTelemetry.EventTypeTag, eventType);

        if (errorType is not null)
            tags.Add(EventStoreTelemetry.ErrorTypeTag, errorType);

        SubscriptionMeter.HandlerDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    /// <summary>Begins the span of a page of events: a trace of its own, in which its handlers run.</summary>
    /// <param name="events">How many events.</param>
    /// <param name="origins">The correlation and the causation of each.</param>
    public Activity? StartPage(int events, IEnumerable<(string? CorrelationId, string? CausationId)> origins)
    {
        if (!StoreTracing.IsOn)
            return null;

        var span = StoreTracing.StartPage($"handle {subscription}", [store.SchemaTag, _tag], TraceLinks.Of(origins));
        span?.SetTag(EventStoreTelemetry.EventsTag, events);
        return span;
    }

    /// <summary>Watches an event that a consumer has taken; does nothing if nobody wants to know.</summary>
    /// <param name="attempt">Which delivery of the event it is.</param>
    /// <param name="eventType">Its type.</param>
    /// <param name="origin">Its correlation and causation.</param>
    public DeliverySpan? StartDelivery(int attempt, string eventType, (string? CorrelationId, string? CausationId) origin)
    {
        // The consumer goes on in what surrounds it, and must get the event whatever a listener throws.
        var current = Activity.Current;
        try
        {
            if (attempt > 1)
                Retry();

            return StoreTracing.IsOn || IsTimed ? new DeliverySpan(this, eventType, StartPage(1, [origin])) : null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
