using System.Diagnostics.Metrics;

namespace FluentEventStore.Telemetry;

/// <summary>The meter of the library and its instruments. Those that are observed ask the stores that are open.</summary>
internal static class StoreMeter
{
    internal static readonly Meter Meter = new(EventStoreTelemetry.Name, StoreTracing.Version);

    /// <summary>How long a unit of work took to be saved, whatever became of it.</summary>
    public static Histogram<double> SaveDuration { get; } = Meter.CreateHistogram(
        "fluenteventstore.save.duration",
        "s",
        "How long saving a unit of work took.",
        tags: null,
        Advice(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10));

    public static Counter<long> UnitsSaved { get; } = Meter.CreateCounter<long>(
        "fluenteventstore.units.saved", "{unit}", "How many units of work were saved.");

    public static Counter<long> UnitsFailed { get; } = Meter.CreateCounter<long>(
        "fluenteventstore.units.failed", "{unit}", "How many units of work were refused or could not be saved.");

    public static Counter<long> Conflicts { get; } = Meter.CreateCounter<long>(
        "fluenteventstore.conflicts", "{conflict}", "How many units of work were refused because others had written before.");

    public static Counter<long> Retries { get; } = Meter.CreateCounter<long>(
        "fluenteventstore.retries", "{retry}", "How often a unit of work was sent or decided on again.");

    public static Counter<long> EventsAppended { get; } = Meter.CreateCounter<long>(
        "fluenteventstore.events.appended", "{event}", "How many events were appended.");

    public static Histogram<int> UnitsOfCommit { get; } = Meter.CreateHistogram(
        "fluenteventstore.commit.units",
        "{unit}",
        "How many units of work that only append were sent in one transaction.",
        tags: null,
        Advice(1, 2, 4, 8, 16, 32, 64, 128, 256));

    public static Histogram<int> ReplayedEvents { get; } = Meter.CreateHistogram(
        "fluenteventstore.fetch.replayed_events",
        "{event}",
        "How many events were folded to fetch an aggregate.",
        tags: null,
        Advice(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000));

    public static ObservableGauge<int> BusyLanes { get; } = Meter.CreateObservableGauge(
        "fluenteventstore.lanes.busy",
        static () => OpenStores.Measure(static store => store.Lanes?.Invoke().Busy, static (one, other) => one + other),
        "{lane}",
        "How many transactions of units that only append are under way.");

    public static ObservableGauge<int> WaitingUnits { get; } = Meter.CreateObservableGauge(
        "fluenteventstore.lanes.waiting_units",
        static () => OpenStores.Measure(static store => store.Lanes?.Invoke().Waiting, static (one, other) => one + other),
        "{unit}",
        "How many units of work wait to be sent.");

    public static ObservableGauge<int> BlockedUnits { get; } = Meter.CreateObservableGauge(
        "fluenteventstore.lanes.blocked_units",
        static () => OpenStores.Measure(static store => store.Lanes?.Invoke().Blocked, static (one, other) => one + other),
        "{unit}",
        "How many units of work wait for streams that others keep locked.");

    public static ObservableGauge<long> LogLag { get; } = Meter.CreateObservableGauge(
        "fluenteventstore.log.lag",
        static () => OpenStores.Measure(static store => store.LagOfLog?.Positions, Math.Max),
        "{position}",
        "How many positions that were handed out are held back from readers of the log by open transactions.");

    public static ObservableGauge<double> LogHeldBack { get; } = Meter.CreateObservableGauge(
        "fluenteventstore.log.held_back",
        static () => OpenStores.Measure(static store => store.LagOfLog?.HeldBackFor.TotalSeconds, Math.Max),
        "s",
        "For how long open transactions have kept the settled position where it is.");

    /// <summary>Whether anybody wants to know what becomes of units of work.</summary>
    public static bool ListensToSaves =>
        SaveDuration.Enabled || UnitsSaved.Enabled || UnitsFailed.Enabled || EventsAppended.Enabled || Conflicts.Enabled;

    internal static InstrumentAdvice<T> Advice<T>(params T[] boundaries)
        where T : struct =>
        new() { HistogramBucketBoundaries = boundaries };
}
