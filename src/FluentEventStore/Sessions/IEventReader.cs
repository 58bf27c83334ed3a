namespace FluentEventStore;

/// <summary>Reads the events of one tenant, as they are committed.</summary>
public interface IEventReader
{
    /// <summary>Reads the events of one stream, in one round trip.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Empty if there is no such stream or its events are hidden. Versions below those that were truncated are not read.</returns>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    /// <exception cref="UnknownEventTypeException">A stored event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">A stored event's JSON does not fit its type.</exception>
    Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="FetchStreamAsync(StreamId, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">Which events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<IEvent>> FetchStreamAsync(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default);

    /// <summary>Reads the events of one stream in pages, so that a long stream need not fit in memory.</summary>
    /// <inheritdoc cref="FetchStreamAsync(StreamId, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="FetchStreamAsync(StreamId, CancellationToken)" path="/exception"/>
    IAsyncEnumerable<IEvent> ReadStreamAsync(StreamId streamId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ReadStreamAsync(StreamId, CancellationToken)"/>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">Which events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<IEvent> ReadStreamAsync(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the events of all streams in the order of their positions, up to the position below which everything is settled when the
    /// reading starts. No event that is committed later can get a lower position, so a reader that goes on after the last event misses
    /// none.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The events of the tenant that are neither archived nor deleted, unless a filter says otherwise.</returns>
    /// <exception cref="UnknownEventTypeException">A stored event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">A stored event's JSON does not fit its type.</exception>
    IAsyncEnumerable<IEvent> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ReadAllAsync(CancellationToken)"/>
    /// <param name="filter">Which events; the database applies it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<IEvent> ReadAllAsync(EventFilter filter, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ReadAllAsync(CancellationToken)"/>
    /// <param name="range">Which part of the log.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<IEvent> ReadAllAsync(LogRange range, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ReadAllAsync(CancellationToken)"/>
    /// <param name="range">Which part of the log.</param>
    /// <param name="filter">Which events; the database applies it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<IEvent> ReadAllAsync(LogRange range, EventFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Reads one event by its id, unless its stream is archived or deleted.</summary>
    /// <param name="id">The id, as <see cref="IEvent.Id"/> has it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if the tenant has no such event, or it is hidden.</returns>
    /// <exception cref="UnknownEventTypeException">The event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">The event's JSON does not fit its type.</exception>
    Task<IEvent?> FetchEventAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Reads one event by its id.</summary>
    /// <param name="id">The id, as <see cref="IEvent.Id"/> has it.</param>
    /// <param name="includeArchived">Whether it is read if its stream is archived. The event of a deleted stream is never read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <inheritdoc cref="FetchEventAsync(Guid, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="FetchEventAsync(Guid, CancellationToken)" path="/exception"/>
    Task<IEvent?> FetchEventAsync(Guid id, bool includeArchived, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the first 50 streams of the tenant that are neither archived nor deleted, by their ids. Streams without events are not listed.
    /// </summary>
    Task<StreamPage> ListStreamsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the streams of the tenant, page by page. Streams without events are not listed.</summary>
    /// <param name="query">Which streams, in what order, which page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<StreamPage> ListStreamsAsync(StreamQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads what is known of a stream itself, even if it is archived or deleted.</summary>
    /// <returns><see langword="null"/> if there is no such stream.</returns>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    Task<StreamState?> FetchStreamStateAsync(StreamId streamId, CancellationToken cancellationToken = default);

    /// <summary>Folds the events of a stream into an aggregate.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if no event created the aggregate, or one deleted it.</returns>
    /// <exception cref="ArgumentException">The type is no aggregate, or the id is <see langword="default"/>.</exception>
    Task<T?> AggregateStreamAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Folds the first events of a stream into an aggregate: the state that it had.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">
    /// The version or the timestamp up to which to fold: <see cref="StreamRange.To"/>, <see cref="StreamRange.Until"/> or both, and nothing
    /// else.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if no event created the aggregate, or one deleted it.</returns>
    /// <exception cref="ArgumentException">
    /// The type is no aggregate, the id is <see langword="default"/>, or the range says more than where to end.
    /// </exception>
    Task<T?> AggregateStreamAsync<T>(StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>As <see cref="AggregateStreamAsync{T}(StreamId, CancellationToken)"/>, with the stored version of the stream.</summary>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/typeparam"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/exception"/>
    Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// As <see cref="AggregateStreamAsync{T}(StreamId, StreamRange, CancellationToken)"/>, with the stored version that the stream had.
    /// </summary>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, StreamRange, CancellationToken)" path="/typeparam"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, StreamRange, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, StreamRange, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, StreamRange, CancellationToken)" path="/exception"/>
    Task<Versioned<T>?> AggregateStreamVersionedAsync<T>(
        StreamId streamId, StreamRange range, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Folds the events of a stream into the state of a decider.</summary>
    /// <param name="decider">What is folded.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The state, and the stored version of the stream; <see cref="IDecider{TState}.Initial"/> and <see langword="default"/> if there is no
    /// such stream or its events are hidden.
    /// </returns>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    Task<Versioned<TState>> FoldAsync<TState>(
        IDecider<TState> decider, StreamId streamId, CancellationToken cancellationToken = default);

    /// <summary>The current state of an aggregate: its snapshot if the store keeps one, otherwise folded from its events.</summary>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/exception"/>
    Task<T?> FetchLatestAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// As <see cref="FetchLatestAsync{T}(StreamId, CancellationToken)"/>, for the stream that has a natural key
    /// (<see cref="NaturalKeyAttribute"/>), in two round trips.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/> that has a natural key.</typeparam>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="key">The key, compared character by character.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if no stream has the key, or the one that has it has no aggregate.</returns>
    /// <exception cref="ArgumentException">
    /// The type is no aggregate, or has no natural key of this type, or the key is empty, too long or cannot be stored.
    /// </exception>
    Task<T?> FetchLatestAsync<T, TKey>(TKey key, CancellationToken cancellationToken = default)
        where T : class
        where TKey : notnull;

    /// <summary>As <see cref="FetchLatestAsync{T}"/>, with the stored version of the stream.</summary>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}(StreamId, CancellationToken)" path="/exception"/>
    Task<Versioned<T>?> FetchLatestVersionedAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;
}
