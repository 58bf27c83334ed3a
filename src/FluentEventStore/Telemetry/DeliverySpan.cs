using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>
/// Watches an event from when a consumer took it until it is answered. The consumer's own spans are beside it: it runs elsewhere.
/// </summary>
internal sealed class DeliverySpan(SubscriptionTelemetry telemetry, string eventType, Activity? span)
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>It is answered. What a listener throws then concerns nobody: the answer counts.</summary>
    /// <param name="errorType">Why it is not done; <see langword="null"/> if it is.</param>
    public void End(string? errorType)
    {
        try
        {
            if (SubscriptionTelemetry.IsTimed)
                telemetry.Called(_began, eventType, errorType);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
        }

        if (errorType is not null)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            span?.SetTag(EventStoreTelemetry.ErrorTypeTag, errorType);
        }

        // A span that ends makes the one that was current when it began the current one: that is none of the caller's.
        var current = Activity.Current;
        StoreTracing.End(span);
        Activity.Current = current;
    }
}
