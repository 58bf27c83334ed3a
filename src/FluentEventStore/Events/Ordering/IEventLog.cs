namespace FluentEventStore;

/// <summary>The log of a store: the events of all streams and tenants in the order of their positions. Safe for use by several threads.</summary>
public interface IEventLog
{
    /// <summary>Reads how far the log may be read and what holds its readers back. Costs three or four round trips.</summary>
    /// <exception cref="OrderingNotGuaranteedException">The database does not keep what the order rests on.</exception>
    Task<LogStatus> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts what the store holds. Reads the tables of events and streams once: about a second for some million events.</summary>
    Task<LogStatistics> FetchStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the log from a position on and never ends: at its end it waits for further events. No event is skipped, none comes twice or out of order.
    /// </summary>
    /// <param name="after">The position after which to read; 0 reads from the first event on.</param>
    /// <param name="filter">Which events; the database applies it. Default: all of all tenants that are neither archived nor deleted.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// A lost connection ends it with the exception of the driver: follow again after the last event. A connection is held only while a page is read. An event
    /// of this process is seen at once, one of another process after 2 ms where the log is busy and 250 ms at most.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative.</exception>
    /// <exception cref="OrderingNotGuaranteedException">
    /// The database does not keep what the order rests on, or the log ends below <paramref name="after"/>, so that it is another one.
    /// </exception>
    /// <exception cref="UnknownEventTypeException">A stored event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">A stored event's JSON does not fit its type.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    IAsyncEnumerable<IEvent> FollowAsync(long after = 0, EventFilter? filter = null, CancellationToken cancellationToken = default);
}
