namespace FluentEventStore;

/// <summary>
/// The log of a store: the events of all streams and tenants in the order of their positions. Safe for use by several threads.
/// </summary>
public interface IEventLog
{
    /// <summary>Reads how far the log may be read and what holds its readers back. Costs three or four round trips.</summary>
    /// <exception cref="OrderingNotGuaranteedException">The database does not keep what the order rests on.</exception>
    Task<LogStatus> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Counts what the store holds. Reads the tables of events and streams once: about a second for some million events.</summary>
    Task<LogStatistics> FetchStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the log from a position on and never ends: at its end it waits for further events. No event is skipped, none comes twice or
    /// out of order.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// A lost connection ends it with the exception of the driver: follow again after the last event. A connection is held only while a
    /// page is read. An event of this process is seen at once, one of another process after 2 ms where the log is busy and 250 ms at most.
    /// What comes before an event that cannot be read is handed out first; who does not want that event goes on after its
    /// <see cref="EventException.Position"/>.
    /// </remarks>
    /// <returns>
    /// Where no filter says otherwise, the events of all tenants, those of archived and deleted streams included, for they can be shown
    /// again and would be missing then.
    /// </returns>
    /// <exception cref="OrderingNotGuaranteedException">
    /// The database does not keep what the order rests on, or the log ends below where to start, so that it is another one.
    /// </exception>
    /// <exception cref="UnknownEventTypeException">A stored event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">A stored event's JSON does not fit its type.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    IAsyncEnumerable<IEvent> FollowAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="FollowAsync(CancellationToken)"/>
    /// <param name="filter">Which events; the database applies it.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<IEvent> FollowAsync(EventFilter filter, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="FollowAsync(CancellationToken)"/>
    /// <param name="start">Where to begin.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<IEvent> FollowAsync(LogStart start, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="FollowAsync(CancellationToken)"/>
    /// <param name="start">Where to begin.</param>
    /// <param name="filter">Which events; the database applies it.</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<IEvent> FollowAsync(LogStart start, EventFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks that the log still holds the event at which somebody stopped reading. After a fail-over to a server that did not have the
    /// last commits, or after a restore, it may not, and its position may have been given to another event: then what was read and what is
    /// there have parted.
    /// </summary>
    /// <param name="position">The <see cref="IEvent.Position"/> of the last event that was read.</param>
    /// <param name="eventId">Its <see cref="IEvent.Id"/>.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <remarks>Two round trips. Meant for the start of a follower, whose own check only sees a log that ends below its bookmark.</remarks>
    /// <returns>
    /// Whether it does; <see langword="false"/> where nothing can be said: events were removed since (scrubbed, compacted, hard-deleted or
    /// tombstoned), and it may be one of them, or a standby has not got so far.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is below 1.</exception>
    /// <exception cref="OrderingNotGuaranteedException">The log ends below the position, or holds no or another event there.</exception>
    Task<bool> VerifyBookmarkAsync(long position, Guid eventId, CancellationToken cancellationToken = default);
}
