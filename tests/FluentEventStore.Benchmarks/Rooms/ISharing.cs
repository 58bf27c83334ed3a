namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Shares what is read of a log, and the events of a subscription, among many workers.</summary>
internal interface ISharing : ICatchingUp
{
    /// <summary>Carries as many new subscriptions at once, whose handlers count, until each has seen the whole log.</summary>
    /// <returns>How many events they counted together.</returns>
    Task<long> CatchUpAsync(int subscriptions);

    /// <summary>Carries a new subscription, whose handler waits for a millisecond, until it has handled so many events.</summary>
    Task HandleSlowlyAsync(int partitions, int events);
}
