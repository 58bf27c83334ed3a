namespace FluentEventStore;

/// <summary>Reads events, and collects events to append when the session is saved.</summary>
public interface IEventOperations : IEventReader
{
    /// <summary>Starts a stream. Saving throws <see cref="StreamAlreadyExistsException"/> if it already has events.</summary>
    /// <typeparam name="TAggregate">The aggregate whose events the stream holds; its name is stored with the stream.</typeparam>
    /// <exception cref="ArgumentException">
    /// The id is <see langword="default"/>, there are no events, or one of them is null or no event type.
    /// </exception>
    /// <exception cref="StreamAlreadyExistsException">The session has events for the stream already.</exception>
    /// <exception cref="AggregateIdException">The events give the aggregate an id that is not a text and not the stream's.</exception>
    /// <exception cref="InvalidOperationException">
    /// The session truncates, compacts, archives, deletes or erases the stream already: save it first.
    /// </exception>
    PendingEvents StartStream<TAggregate>(StreamId streamId, params object[] events)
        where TAggregate : class;

    /// <inheritdoc cref="StartStream{TAggregate}(StreamId, object[])"/>
    PendingEvents StartStream<TAggregate>(StreamId streamId, IEnumerable<object> events)
        where TAggregate : class;

    /// <inheritdoc cref="StartStream{TAggregate}(StreamId, object[])" path="/summary"/>
    /// <inheritdoc cref="StartStream{TAggregate}(StreamId, object[])" path="/exception"/>
    PendingEvents StartStream(StreamId streamId, params object[] events);

    /// <inheritdoc cref="StartStream{TAggregate}(StreamId, object[])" path="/summary"/>
    /// <inheritdoc cref="StartStream{TAggregate}(StreamId, object[])" path="/exception"/>
    PendingEvents StartStream(StreamId streamId, IEnumerable<object> events);

    /// <summary>Appends events to a stream, which need not exist. Never conflicts.</summary>
    /// <exception cref="ArgumentException">
    /// The id is <see langword="default"/>, or an event is null or of no event type: the message names its index.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The session truncates, compacts, archives, deletes or erases the stream already: save it first.
    /// </exception>
    PendingEvents Append(StreamId streamId, params object[] events);

    /// <inheritdoc cref="Append(StreamId, object[])"/>
    PendingEvents Append(StreamId streamId, IEnumerable<object> events);

    /// <summary>
    /// Appends events to a stream that is at an expected version. Saving throws <see cref="StreamVersionConflictException"/> if it is not,
    /// even if no event is given. The version counts the events that the session already collected for the stream.
    /// </summary>
    /// <inheritdoc cref="Append(StreamId, object[])" path="/exception"/>
    /// <exception cref="InvalidOperationException">
    /// The expectation contradicts an earlier one of the session for the same stream.
    /// </exception>
    PendingEvents Append(StreamId streamId, ExpectedVersion expected, params object[] events);

    /// <inheritdoc cref="Append(StreamId, ExpectedVersion, object[])"/>
    PendingEvents Append(StreamId streamId, ExpectedVersion expected, IEnumerable<object> events);

    /// <summary>
    /// Expects a version of a stream without appending to it. Saving fails if the expectation does not hold, and nobody else can append to
    /// the stream while the unit is written.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The expectation contradicts an earlier one of the session for the same stream.
    /// </exception>
    void Expect(StreamId streamId, ExpectedVersion expected);

    /// <summary>
    /// Lets a stream refer to events of other streams. Reading the stream returns them among its own, in the order of the versions that
    /// they have in it. They are stored only once. Links come after the events that the unit appends to the stream. Reading all streams
    /// skips links.
    /// </summary>
    /// <param name="streamId">The stream that the links stand in; it need not exist.</param>
    /// <param name="events">Recorded events of the same tenant, in the order in which they are linked.</param>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or an event is one of the stream itself.</exception>
    /// <exception cref="InvalidOperationException">
    /// The session truncates, compacts, archives, deletes or erases the stream already: save it first.
    /// </exception>
    /// <remarks>Saving throws <see cref="LinkRefusedException"/> if an event does not exist or is linked already.</remarks>
    void LinkTo(StreamId streamId, params IEvent[] events);

    /// <inheritdoc cref="LinkTo(StreamId, IEvent[])"/>
    void LinkTo(StreamId streamId, IEnumerable<IEvent> events);

    /// <inheritdoc cref="LinkTo(StreamId, IEvent[])"/>
    /// <param name="streamId">The stream that the links stand in; it need not exist.</param>
    /// <param name="eventIds">The ids of recorded events.</param>
    void LinkTo(StreamId streamId, IEnumerable<Guid> eventIds);

    /// <summary>
    /// Archives a stream: its events are no longer read unless asked for, and it takes no more. What the unit appends to the stream comes
    /// before that. Saving throws <see cref="StreamNotFoundException"/>, <see cref="StreamArchivedException"/> or
    /// <see cref="StreamDeletedException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">The session erases the stream already.</exception>
    void ArchiveStream(StreamId streamId);

    /// <summary>
    /// Makes an archived stream active again, before anything that the unit appends to it; an active one stays so. Saving throws
    /// <see cref="StreamNotFoundException"/> or <see cref="StreamDeletedException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The session does something else to the stream already, which this comes before: save it first.
    /// </exception>
    void UnarchiveStream(StreamId streamId);

    /// <summary>
    /// Deletes a stream so that it can be undeleted: until then its events stay but cannot be read, and it takes no more. Saving throws
    /// <see cref="StreamNotFoundException"/>, <see cref="StreamDeletedException"/> or <see cref="StreamVersionConflictException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">The session erases the stream already.</exception>
    void DeleteStream(StreamId streamId);

    /// <inheritdoc cref="DeleteStream(StreamId)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="expected">The version that the stream is expected to be at.</param>
    void DeleteStream(StreamId streamId, ExpectedVersion expected);

    /// <summary>
    /// Makes a deleted stream active again, before anything that the unit appends to it; an active one stays so. Saving throws
    /// <see cref="StreamNotFoundException"/>, <see cref="StreamArchivedException"/>, or <see cref="StreamDeletedException"/> if it is
    /// tombstoned.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The session does something else to the stream already, which this comes before: save it first.
    /// </exception>
    void UndeleteStream(StreamId streamId);

    /// <summary>
    /// Removes the events of a stream for ever; its name can never be used again. Its inline snapshots go too. Saving throws
    /// <see cref="StreamNotFoundException"/>, <see cref="StreamDeletedException"/> if it is tombstoned, or
    /// <see cref="StreamVersionConflictException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">The session erases the stream already.</exception>
    void TombstoneStream(StreamId streamId);

    /// <inheritdoc cref="TombstoneStream(StreamId)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="expected">The version that the stream is expected to be at.</param>
    void TombstoneStream(StreamId streamId, ExpectedVersion expected);

    /// <summary>
    /// Removes a stream and its events for ever. A new stream may have its name and begins at version 1. Its inline snapshots go too.
    /// Saving throws <see cref="StreamNotFoundException"/>, <see cref="StreamDeletedException"/> if it is tombstoned, or
    /// <see cref="StreamVersionConflictException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="EventOptions.AllowHardDelete"/> is not set, or the session erases the stream already.
    /// </exception>
    void HardDeleteStream(StreamId streamId);

    /// <inheritdoc cref="HardDeleteStream(StreamId)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="expected">The version that the stream is expected to be at.</param>
    void HardDeleteStream(StreamId streamId, ExpectedVersion expected);

    /// <summary>
    /// Hides the events of a stream before a version. They are removed by the next scrub. Truncating less than before changes nothing.
    /// Saving throws <see cref="StreamNotFoundException"/>, <see cref="StreamDeletedException"/>, or
    /// <see cref="StreamTruncationException"/> if the stream is not that long.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="beforeVersion">
    /// The lowest version that is kept, from 1 up to the version after the last one; that one hides all events.
    /// </param>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or the version is below 1.</exception>
    /// <exception cref="InvalidOperationException">The session erases the stream already.</exception>
    void TruncateStream(StreamId streamId, long beforeVersion);

    /// <summary>
    /// Replaces the first events of a stream by one that stands for them, in the place of the last of them. An aggregate that begins with
    /// it has the state that they led to. The replaced events are removed for ever. Saving throws <see cref="StreamNotFoundException"/>,
    /// <see cref="StreamArchivedException"/>, <see cref="StreamDeletedException"/>, or <see cref="StreamTruncationException"/> if the
    /// stream has no event of that version.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="upToVersion">
    /// The version of the last event that is replaced: 1 or more. It becomes the version of the replacement.
    /// </param>
    /// <param name="replacement">An event that carries the state.</param>
    /// <param name="tags">
    /// Tags of the replacement besides those of its properties. It does not get the tags of the events that it replaces.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The id is <see langword="default"/>, the version is below 1, the object is no event, or a tag is <see langword="default"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The session erases the stream already.</exception>
    void CompactStream(StreamId streamId, long upToVersion, object replacement, params Tag[] tags);

    /// <summary>
    /// Loads an aggregate for a decision: its state and its version. What is appended through the returned stream is saved only if nobody
    /// else appended to the stream in between. Otherwise saving throws <see cref="StreamVersionConflictException"/>.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream; it need not exist.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The type is no aggregate, or the id is <see langword="default"/>.</exception>
    Task<IEventStream<T>> FetchForWritingAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="FetchForWritingAsync{T}(StreamId, CancellationToken)"/>
    /// <param name="streamId">The stream; it need not exist.</param>
    /// <param name="expected">The version that the stream is expected to be at now, checked at once.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StreamVersionConflictException">The stream is not at the expected version.</exception>
    Task<IEventStream<T>> FetchForWritingAsync<T>(
        StreamId streamId, ExpectedVersion expected, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// As <see cref="FetchForWritingAsync{T}(StreamId, CancellationToken)"/>, for the stream that has a natural key
    /// (<see cref="NaturalKeyAttribute"/>), in two round trips.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/> that has a natural key.</typeparam>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="key">The key, compared character by character.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NaturalKeyNotFoundException">No stream has the key.</exception>
    /// <exception cref="ArgumentException">
    /// The type is no aggregate, or has no natural key of this type, or the key is empty, too long or cannot be stored.
    /// </exception>
    Task<IEventStream<T>> FetchForWritingAsync<T, TKey>(TKey key, CancellationToken cancellationToken = default)
        where T : class
        where TKey : notnull;

    /// <summary>
    /// Loads the state of a decision that rests on events of any streams: all that match a query of tags. What is appended through the
    /// returned boundary is saved only if no further event matches by then. Otherwise saving throws
    /// <see cref="BoundaryConflictException"/>. Of two decisions at once only one wins, even if nothing matches yet. Decisions over a tag,
    /// and writers of events that have it, wait for each other; other tags never wait.
    /// </summary>
    /// <typeparam name="T">
    /// A type marked with <see cref="AggregateAttribute"/>, into which the events are folded in the order of their positions.
    /// </typeparam>
    /// <exception cref="ArgumentException">The type is no aggregate.</exception>
    Task<IEventBoundary<T>> FetchForWritingAsync<T>(TagQuery query, CancellationToken cancellationToken = default)
        where T : class;
}
