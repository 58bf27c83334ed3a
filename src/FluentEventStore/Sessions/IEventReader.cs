namespace FluentEventStore;

/// <summary>Reads the events of one tenant, as they are committed.</summary>
public interface IEventReader
{
    /// <summary>Reads events of one stream, in one round trip.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="fromVersion">The lowest version to read. Default: 1, the first event.</param>
    /// <param name="toVersion">The highest version to read. Default: no bound.</param>
    /// <param name="until">The latest timestamp to read. Default: no bound.</param>
    /// <param name="maxCount">How many events to read at most, counted in reading order. Default: no bound.</param>
    /// <param name="backwards">Whether the highest version comes first.</param>
    /// <param name="includeArchived">Whether the events are read where the stream is archived. Those of a deleted stream never are.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Empty where there is no such stream, or its events are hidden. Versions below those that were truncated are not read.</returns>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or a bound is below 1.</exception>
    /// <exception cref="UnknownEventTypeException">A stored event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">A stored event's JSON does not fit its type.</exception>
    Task<IReadOnlyList<IEvent>> FetchStreamAsync(
        StreamId streamId,
        long fromVersion = 1,
        long? toVersion = null,
        DateTimeOffset? until = null,
        int? maxCount = null,
        bool backwards = false,
        bool includeArchived = false,
        CancellationToken cancellationToken = default);

    /// <summary>Reads events of one stream in pages, so that a long stream need not fit in memory.</summary>
    /// <inheritdoc cref="FetchStreamAsync" path="/param"/>
    /// <inheritdoc cref="FetchStreamAsync" path="/exception"/>
    IAsyncEnumerable<IEvent> ReadStreamAsync(
        StreamId streamId,
        long fromVersion = 1,
        long? toVersion = null,
        DateTimeOffset? until = null,
        int? maxCount = null,
        bool backwards = false,
        bool includeArchived = false,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the events of all streams in the order of their positions, up to the position below which everything is decided when the reading
    /// starts: no event that is committed later can get a lower position, so that a reader who goes on after the last one misses none.
    /// </summary>
    /// <param name="after">The position after which to read; 0 reads from the first event on. Going backwards: where to stop.</param>
    /// <param name="filter">Which events; the database applies it. Default: all of the tenant that are neither archived nor deleted.</param>
    /// <param name="maxCount">How many events to read at most, counted in reading order. Default: no bound.</param>
    /// <param name="backwards">Whether the highest position comes first.</param>
    /// <param name="upTo">The highest position to read. Going backwards: where to start. Default: no bound.</param>
    /// <param name="progress">
    /// Told, page by page, the position up to which the log was read and all events that passed were taken, also where none passes; going backwards, the one down to
    /// which.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">A position is negative or <paramref name="maxCount"/> below 1.</exception>
    /// <inheritdoc cref="FetchStreamAsync" path="/exception[@cref='T:FluentEventStore.UnknownEventTypeException' or @cref='T:FluentEventStore.EventSerializationException']"/>
    IAsyncEnumerable<IEvent> ReadAllAsync(
        long after = 0,
        EventFilter? filter = null,
        int? maxCount = null,
        bool backwards = false,
        long? upTo = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reads one event by its id.</summary>
    /// <param name="id">The id, as <see cref="IEvent.Id"/> has it.</param>
    /// <param name="includeArchived">Whether it is read where its stream is archived. That of a deleted stream never is.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> where the tenant has no such event, or it is hidden.</returns>
    /// <exception cref="UnknownEventTypeException">The event's type is not registered.</exception>
    /// <exception cref="EventSerializationException">The event's JSON does not fit its type.</exception>
    Task<IEvent?> FetchEventAsync(Guid id, bool includeArchived = false, CancellationToken cancellationToken = default);

    /// <summary>Lists the streams of the tenant, page by page. Streams without events are none.</summary>
    /// <param name="query">Which streams, in what order, which page. Default: the first 50 that are neither archived nor deleted, by their ids.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<StreamPage> ListStreamsAsync(StreamQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads what is known of a stream itself, also of one that is archived or deleted.</summary>
    /// <returns><see langword="null"/> where there is no such stream.</returns>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    Task<StreamState?> FetchStreamStateAsync(StreamId streamId, CancellationToken cancellationToken = default);

    /// <summary>Folds the events of a stream into an aggregate.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The version up to which to fold. Default: all events.</param>
    /// <param name="timestamp">The latest timestamp of events to fold. Default: all events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> where no event created the aggregate, or one deleted it.</returns>
    /// <exception cref="ArgumentException">The type is no aggregate, or an argument is out of range.</exception>
    Task<T?> AggregateStreamAsync<T>(
        StreamId streamId, long? version = null, DateTimeOffset? timestamp = null, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>The current state of an aggregate: its snapshot where the store keeps one, otherwise folded from its events.</summary>
    /// <inheritdoc cref="AggregateStreamAsync{T}" path="/returns"/>
    /// <inheritdoc cref="AggregateStreamAsync{T}" path="/exception"/>
    Task<T?> FetchLatestAsync<T>(StreamId streamId, CancellationToken cancellationToken = default)
        where T : class;
}
