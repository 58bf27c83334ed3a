using System.Diagnostics;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>The span of the page at hand: from its first event until it is committed, or until there is another one.</summary>
internal sealed class PageSpan(SubscriptionTelemetry telemetry)
{
    private Activity? _span;

    /// <summary>Begins one. It surrounds what the caller does from now on.</summary>
    /// <param name="items">The events at hand.</param>
    /// <param name="attempt">Which call for the first of them it is.</param>
    public void Begin(IReadOnlyList<WorkItem> items, int attempt)
    {
        End();
        if (attempt > 1)
            telemetry.Retry();

        _span = telemetry.StartPage(items.Count, items.Select(static item => (item.Event.CorrelationId, item.Event.CausationId)));
    }

    /// <summary>What the caller does from now on belongs to the page.</summary>
    public void Resume()
    {
        if (_span is not null)
            Activity.Current = _span;
    }

    /// <summary>Something of the page failed.</summary>
    public void Fail(WorkFailure failure) => StoreTracing.Fail(_span, failure.Exception ?? new TimeoutException());

    public void End()
    {
        StoreTracing.End(_span);
        _span = null;
    }
}
