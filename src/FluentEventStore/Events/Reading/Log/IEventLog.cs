namespace FluentEventStore;

/// <summary>
/// The log of a store: the events of all streams and tenants in the order of their positions. Safe for use by several threads.
/// </summary>
public interface IEventLog
{
    /// <summary>Reads how far the log may be read, and what holds its readers back. Takes three or four round trips.</summary>
    /// <exception cref="OrderingNotGuaranteedException">The database does not guarantee the order.</exception>
    Task<LogStatus> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// How far the log may be read now: it includes what was committed before the call, unless that is held back. One round trip, shared by
    /// all that ask at the same time.
    /// </summary>
    /// <returns>The position of the last settled event; 0 if there is none.</returns>
    /// <exception cref="OrderingNotGuaranteedException">The database does not guarantee the order.</exception>
    Task<long> FetchSettledPositionAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Counts what the store holds. Reads the tables of events and streams once, which takes about a second for some million events.
    /// </summary>
    Task<LogStatistics> FetchStatisticsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the log from a position on and never ends: at the end of the log it waits for further events. No event is skipped, repeated or
    /// out of order.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// A lost connection ends it with the exception of the driver: follow again after the last event. A connection is held only while a
    /// page is read. An event of this process is seen at once; one of another process after 2 ms if the log is busy, and after 250 ms at
    /// most. If an event cannot be read, those before it are handed out first. To skip it, go on after its
    /// <see cref="EventException.Position"/>.
    /// </remarks>
    /// <returns>
    /// The events of all tenants, unless a filter says otherwise. Those of archived and deleted streams are included: the streams can be
    /// shown again, and their events would be missing then.
    /// </returns>
    /// <exception cref="OrderingNotGuaranteedException">
    /// The database does not guarantee the order; or the log ends below the position to start at, so it is another log.
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
    /// Checks that the log still holds the event that was read last. After a restore, or a fail-over to a server without the last commits,
    /// the event may be missing, or another event may have its position. Then the log is not the one that was read.
    /// </summary>
    /// <param name="position">The <see cref="IEvent.Position"/> of the last event that was read.</param>
    /// <param name="eventId">Its <see cref="IEvent.Id"/>.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <remarks>
    /// Takes two round trips. Meant for the start of a follower: following itself only notices a log that ends below the bookmark.
    /// </remarks>
    /// <returns>
    /// Whether it does. <see langword="false"/> if that is unknown: events were removed since (scrubbed, compacted, hard-deleted or
    /// tombstoned), and it may be one of them; or a standby has not got so far.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="position"/> is below 1.</exception>
    /// <exception cref="OrderingNotGuaranteedException">
    /// The log ends below the position, or holds no event or another one there.
    /// </exception>
    Task<bool> VerifyBookmarkAsync(long position, Guid eventId, CancellationToken cancellationToken = default);
}
