namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Hands a log to subscriptions from its beginning, by the daemon of one process.</summary>
internal interface ICatchingUp
{
    /// <summary>Writes a log of its own, apart from that of other rows, unless it is there.</summary>
    Task FillLogAsync(int streams, int eventsOfEach);

    /// <summary>Carries a new subscription, whose handler counts, until it has seen the whole log.</summary>
    /// <returns>How many events it counted.</returns>
    Task<long> CatchUpAsync();
}
