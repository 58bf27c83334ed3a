using System.Diagnostics.Metrics;

namespace FluentEventStore.Telemetry;

/// <summary>The instruments of subscriptions. What is observed was looked up before, by daemons that run.</summary>
internal static class SubscriptionMeter
{
    public static ObservableGauge<long> Lag { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.subscription.lag",
        static () => OpenStores.MeasureSubscriptions(static lag => lag.Positions, Math.Max),
        "{position}",
        "How many positions of the settled log a subscription is behind.");

    public static ObservableGauge<double> LagTime { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.subscription.lag_time",
        static () => OpenStores.MeasureSubscriptions(static lag => lag.Time.TotalSeconds, Math.Max),
        "s",
        "How long ago the first event was written that a subscription has not handled.");

    public static ObservableGauge<long> Parked { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.subscription.parked",
        static () => OpenStores.MeasureSubscriptions(static lag => (long)lag.Parked, static (one, other) => one + other),
        "{key}",
        "How many keys of a subscription are parked.");

    public static Counter<long> EventsHandled { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.subscription.events.handled", "{event}", "How many events were handled, and written down as handled.");

    public static Counter<long> Retries { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.subscription.retries", "{retry}", "How often a handler was called again for an event that had failed.");

    public static Histogram<double> HandlerDuration { get; } = StoreMeter.Meter.CreateHistogram(
        "fluenteventstore.subscription.handler.duration",
        "s",
        "How long a call of a handler took.",
        tags: null,
        StoreMeter.Advice(0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60));

    public static Counter<long> LeaseMoves { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.subscription.lease.moves", "{range}", "How many ranges of a subscription the process took over.");

    /// <summary>Whether anybody wants to know how far subscriptions are behind.</summary>
    public static bool ObservesLag => Lag.Enabled || LagTime.Enabled || Parked.Enabled;
}
