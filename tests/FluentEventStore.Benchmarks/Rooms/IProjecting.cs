namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Derives a view of each stream of a log, whose events are spread over the streams, by the daemon of one process.</summary>
internal interface IProjecting
{
    /// <summary>Writes a log of its own for each size, unless it is there.</summary>
    Task FillSpreadLogAsync(int streams, int events);

    /// <summary>Derives all views of such a log anew, from its beginning until they are read.</summary>
    /// <returns>How many events they hold.</returns>
    Task<long> ProjectAsync(int events);
}
