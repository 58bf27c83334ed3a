using System.Diagnostics.Metrics;

namespace FluentEventStore.Telemetry;

/// <summary>The instruments of messages. What is observed was looked up before, by senders that run.</summary>
internal static class MessageMeter
{
    public static Counter<long> Published { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.messages.published", "{message}", "How many messages were published or scheduled, and committed.");

    public static Counter<long> Sent { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.messages.sent", "{message}", "How many messages the sink has taken, which was written down.");

    public static Counter<long> Failures { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.messages.failures", "{failure}", "How often the sink did not take a message.");

    public static Counter<long> Alarms { get; } = StoreMeter.Meter.CreateCounter<long>(
        "fluenteventstore.messages.alarms", "{alarm}", "How often a message failed that has failed for long.");

    public static Histogram<double> SendDuration { get; } = StoreMeter.Meter.CreateHistogram(
        "fluenteventstore.messages.send.duration",
        "s",
        "How long a call of the sink took.",
        tags: null,
        StoreMeter.Advice(0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60));

    public static ObservableGauge<long> Waiting { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.messages.waiting",
        static () => OpenStores.Measure(static store => store.LagOfMessages?.Waiting, static (one, other) => one + other),
        "{message}",
        "How many messages wait to be sent.");

    public static ObservableGauge<double> Age { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.messages.age",
        static () => OpenStores.Measure(static store => store.LagOfMessages?.Age.TotalSeconds, Math.Max),
        "s",
        "How long ago the oldest message was published that waits to be sent.");

    public static ObservableGauge<long> Failing { get; } = StoreMeter.Meter.CreateObservableGauge(
        "fluenteventstore.messages.failing",
        static () => OpenStores.Measure(static store => store.LagOfMessages?.Failing, static (one, other) => one + other),
        "{key}",
        "How many keys, and messages without a key, wait because their first message has failed.");

    /// <summary>Whether anybody wants to know what waits.</summary>
    public static bool ObservesLag => Waiting.Enabled || Age.Enabled || Failing.Enabled;
}
