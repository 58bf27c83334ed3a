namespace FluentEventStore;

/// <summary>When the health checks of a store complain.</summary>
public sealed class EventStoreHealthOptions
{
    /// <summary>The key of the store; <see langword="null"/> for the one without a key.</summary>
    /// <value>Default: <see langword="null"/>.</value>
    public string? Key { get; set; }

    /// <summary>How long a transaction may hold readers of the log back until the store is degraded.</summary>
    /// <value>More than zero. Default: 10 seconds.</value>
    public TimeSpan SettlingDegradedAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a transaction may hold readers of the log back until the store is unhealthy.</summary>
    /// <value>More than zero. Default: 60 seconds.</value>
    public TimeSpan SettlingUnhealthyAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a subscription that is behind the log may stay where it is until the store is unhealthy, whatever the reason. It is told
    /// from one check to the next, so it needs checks more often than this.
    /// </summary>
    /// <value>More than zero. Default: 1 minute.</value>
    public TimeSpan SubscriptionsUnhealthyAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a message may wait to be sent until the store is degraded. It is degraded too while a message has failed for so long that
    /// an alarm was raised.
    /// </summary>
    /// <value>More than zero. Default: 5 minutes.</value>
    public TimeSpan MessagesDegradedAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock by which a message is old.</summary>
    internal TimeProvider MessageClock { get; set; } = TimeProvider.System;

    /// <summary>The clock by which a subscription stays where it is.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How long one check may take. Then it fails: an unreachable server may not answer at all.</summary>
    /// <value>More than zero. Default: 5 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Tags of the checks, by which an application chooses them for a probe.</summary>
    /// <value>Default: <c>ready</c>.</value>
    public IReadOnlyList<string> Tags { get; set; } = ["ready"];
}
