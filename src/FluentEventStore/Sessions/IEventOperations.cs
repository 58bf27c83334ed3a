namespace FluentEventStore;

/// <summary>Reads events, and collects events to append when the session is saved.</summary>
public interface IEventOperations : IEventReader
{
    /// <summary>Starts a stream. Saving throws <see cref="StreamAlreadyExistsException"/> where it has events already.</summary>
    /// <typeparam name="TAggregate">The aggregate that the stream holds the events of; its name is stored with the stream.</typeparam>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, there are no events, or one of them is null or no event type.</exception>
    /// <exception cref="StreamAlreadyExistsException">The session has events for the stream already.</exception>
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
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or an event is null or of no event type: the message names its index.</exception>
    PendingEvents Append(StreamId streamId, params object[] events);

    /// <inheritdoc cref="Append(StreamId, object[])"/>
    PendingEvents Append(StreamId streamId, IEnumerable<object> events);

    /// <summary>
    /// Appends events to a stream that is at an expected version. Saving throws <see cref="StreamVersionConflictException"/> where it is not.
    /// The version counts the events that the session already collected for the stream.
    /// </summary>
    /// <inheritdoc cref="Append(StreamId, object[])" path="/exception"/>
    /// <exception cref="InvalidOperationException">The expectation contradicts an earlier one of the session for the same stream.</exception>
    PendingEvents Append(StreamId streamId, ExpectedVersion expected, params object[] events);

    /// <inheritdoc cref="Append(StreamId, ExpectedVersion, object[])"/>
    PendingEvents Append(StreamId streamId, ExpectedVersion expected, IEnumerable<object> events);

    /// <summary>
    /// Loads an aggregate for a decision: its state and the version it is at. What is appended through the returned stream is saved only if nobody
    /// else appended to the stream in between; otherwise saving throws <see cref="StreamVersionConflictException"/>.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream; it need not exist.</param>
    /// <param name="expected">The version that the stream is expected to be at now, checked at once. Default: any.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StreamVersionConflictException">The stream is not at the expected version.</exception>
    /// <exception cref="ArgumentException">The type is no aggregate, or the id is <see langword="default"/>.</exception>
    Task<IEventStream<T>> FetchForWritingAsync<T>(
        StreamId streamId, ExpectedVersion expected = default, CancellationToken cancellationToken = default)
        where T : class;
}
