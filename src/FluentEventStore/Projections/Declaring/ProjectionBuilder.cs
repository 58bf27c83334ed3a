using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>Says how a daemon keeps what is derived from events. What is kept inline takes only <see cref="Version"/>.</summary>
public sealed class ProjectionBuilder
{
    private Action<SubscriptionBuilder> _settings = static _ => { };

    internal ProjectionBuilder()
    {
    }

    internal int? DeclaredVersion { get; private set; }

    internal int? DeclaredConcurrency { get; private set; }

    internal bool HasSettings { get; private set; }

    internal bool IsSwitchedByCommand { get; private set; }

    /// <summary>In how many ranges the log is handled at the same time, in one process or several.</summary>
    /// <param name="ranges">
    /// 1 to 64. Without this: 4 for what may be split, such as snapshots, which are split by stream. Later it is changed by splitting and
    /// merging.
    /// </param>
    public ProjectionBuilder Concurrency(int ranges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranges, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranges, SubscriptionTables.SliceCount);
        (DeclaredConcurrency, HasSettings) = (ranges, true);
        return this;
    }

    /// <inheritdoc cref="SubscriptionBuilder.OnError(int, FailedEvent)"/>
    public ProjectionBuilder OnError(int retries, FailedEvent then) => Set(builder => builder.OnError(retries, then));

    /// <inheritdoc cref="SubscriptionBuilder.OnError(int, FailedEvent, TimeSpan, TimeSpan)"/>
    public ProjectionBuilder OnError(int retries, FailedEvent then, TimeSpan pause, TimeSpan longestPause) =>
        Set(builder => builder.OnError(retries, then, pause, longestPause));

    /// <inheritdoc cref="SubscriptionBuilder.ShareFairly"/>
    public ProjectionBuilder ShareFairly() => Set(static builder => builder.ShareFairly());

    /// <summary>
    /// A new version, once it has caught up, serves only when <see cref="IStoreProjections.SwitchAsync"/> is called. Without this, it does
    /// so by itself.
    /// </summary>
    public ProjectionBuilder SwitchByCommand()
    {
        (IsSwitchedByCommand, HasSettings) = (true, true);
        return this;
    }

    /// <summary>
    /// The version of what is derived. Raise it whenever it would be derived differently: the new version is built in a table of its own.
    /// </summary>
    /// <param name="version">1 to 999; 1 if this is not called.</param>
    public ProjectionBuilder Version(int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 999);
        DeclaredVersion = version;
        return this;
    }

    internal void Apply(SubscriptionBuilder builder) => _settings(builder);

    // Tried at once, so that a wrong number is told where it stands.
    private ProjectionBuilder Set(Action<SubscriptionBuilder> set)
    {
        set(new SubscriptionBuilder());
        (_settings, HasSettings) = (_settings + set, true);
        return this;
    }
}
