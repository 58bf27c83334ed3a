using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// What endpoints show of a store, as results with types that say in the description of the application what is answered.
/// </summary>
/// <remarks>
/// <para>
/// A result is read by the request's session, for its tenant, when it is executed: of a unit of work, after it is saved. Everything is read
/// before the first byte is sent, except what is followed.
/// </para>
/// <para>
/// To GET and HEAD, they answer with an entity tag, 304 where the client has the answer already (<c>If-None-Match</c>), and 412 where it
/// expects another state (<c>If-Match</c>). What other methods send of these concerns the handler.
/// </para>
/// <para>
/// Texts and <see cref="Guid"/>s that name a stream or a document are taken for what a client sent: what none can have as its id is
/// answered with 400. A <see cref="StreamId"/>, a <see cref="DocumentId"/> and a <see cref="StreamRange"/> are the application's, and
/// refuse at once what they cannot be.
/// </para>
/// </remarks>
public static class EventStoreResults
{
    extension<TResult>(TResult result)
        where TResult : EventStoreResult
    {
        /// <summary>Reads from a store with a key.</summary>
        /// <param name="key">The key that the store was added with.</param>
        /// <returns>This.</returns>
        public TResult FromStore(string key)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(key);
            result.StoreKey = key;
            return result;
        }
    }

    /// <summary>A document as it is stored; 404 if there is none with the id.</summary>
    /// <typeparam name="T">The type of the document, or of an aggregate that the store keeps as an inline snapshot.</typeparam>
    /// <param name="id">The id. An aggregate has that of its stream, and a tag with the version of the stream.</param>
    public static DocumentHttpResult<T> Document<T>(DocumentId id)
        where T : class => new(() => id);

    /// <inheritdoc cref="Document{T}(DocumentId)"/>
    public static DocumentHttpResult<T> Document<T>(string? id)
        where T : class => new(() => ReadDocument(id));

    /// <summary>The documents that exist with these ids, as they are stored, in the order of the ids, each once: a JSON array.</summary>
    /// <typeparam name="T">The type of the documents, or of an aggregate that the store keeps as an inline snapshot.</typeparam>
    /// <param name="ids">The ids.</param>
    public static DocumentsHttpResult<T> Documents<T>(IEnumerable<Guid> ids)
        where T : class
    {
        Guid[] wanted = [.. ids];
        return new((session, cancellationToken) => session.LoadManyJsonAsync<T>(wanted, cancellationToken));
    }

    /// <inheritdoc cref="Documents{T}(IEnumerable{Guid})"/>
    public static DocumentsHttpResult<T> Documents<T>(IEnumerable<string> ids)
        where T : class
    {
        string[] wanted = [.. ids];
        return new((session, cancellationToken) =>
        {
            foreach (var id in wanted)
                ReadDocument(id);

            return session.LoadManyJsonAsync<T>(wanted, cancellationToken);
        });
    }

    /// <inheritdoc cref="Documents{T}(IEnumerable{Guid})"/>
    public static DocumentsHttpResult<T> Documents<T>(IEnumerable<int> ids)
        where T : class
    {
        int[] wanted = [.. ids];
        return new((session, cancellationToken) => session.LoadManyJsonAsync<T>(wanted, cancellationToken));
    }

    /// <inheritdoc cref="Documents{T}(IEnumerable{Guid})"/>
    public static DocumentsHttpResult<T> Documents<T>(IEnumerable<long> ids)
        where T : class
    {
        long[] wanted = [.. ids];
        return new((session, cancellationToken) => session.LoadManyJsonAsync<T>(wanted, cancellationToken));
    }

    /// <summary>
    /// The current state of an aggregate; 404 if there is no such stream, it is archived or deleted, or holds no such aggregate; 410 if it
    /// is gone for ever.
    /// </summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    public static AggregateHttpResult<T> Aggregate<T>(RequestedStream streamId)
        where T : class => new(streamId, static () => null);

    /// <inheritdoc cref="Aggregate{T}(RequestedStream)"/>
    public static AggregateHttpResult<T> Aggregate<T>(StreamId streamId)
        where T : class => Aggregate<T>(RequestedStream.Of(streamId));

    /// <summary>The state that an aggregate had.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="range">
    /// The version or the timestamp up to which to fold: <see cref="StreamRange.To"/>, <see cref="StreamRange.Until"/> or both, and nothing
    /// else.
    /// </param>
    public static AggregateHttpResult<T> Aggregate<T>(RequestedStream streamId, StreamRange range)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(range);
        return new(streamId, () => range);
    }

    /// <inheritdoc cref="Aggregate{T}(RequestedStream, StreamRange)"/>
    public static AggregateHttpResult<T> Aggregate<T>(StreamId streamId, StreamRange range)
        where T : class => Aggregate<T>(RequestedStream.Of(streamId), range);

    /// <summary>The current state of an aggregate, or one that it had; 400 if the query is wrong.</summary>
    /// <typeparam name="T">A type marked with <see cref="AggregateAttribute"/>.</typeparam>
    /// <param name="streamId">The stream.</param>
    /// <param name="query">What the client asks for.</param>
    public static AggregateHttpResult<T> Aggregate<T>(RequestedStream streamId, AggregateQuery query)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(streamId, query.Read);
    }

    /// <inheritdoc cref="Aggregate{T}(RequestedStream, AggregateQuery)"/>
    public static AggregateHttpResult<T> Aggregate<T>(StreamId streamId, AggregateQuery query)
        where T : class => Aggregate<T>(RequestedStream.Of(streamId), query);

    /// <summary>What is known of a stream itself, even if it is archived or deleted; 404 if there is no such stream.</summary>
    /// <param name="streamId">The stream.</param>
    public static StreamHttpResult Stream(RequestedStream streamId) => new(streamId);

    /// <inheritdoc cref="Stream(RequestedStream)"/>
    public static StreamHttpResult Stream(StreamId streamId) => new(RequestedStream.Of(streamId));

    /// <summary>A page of the streams of the request's tenant.</summary>
    /// <param name="query">Which streams, in what order, which page.</param>
    public static StreamsHttpResult Streams(StreamQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(() => query);
    }

    /// <summary>A page of the streams of the request's tenant, those that are active; 400 if the query is wrong.</summary>
    /// <param name="query">What the client asks for.</param>
    public static StreamsHttpResult Streams(StreamsQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(query.Read);
    }

    /// <summary>The first 100 events of a stream.</summary>
    /// <inheritdoc cref="Events(RequestedStream, EventsQuery)"/>
    public static EventsHttpResult Events(RequestedStream streamId) => new(streamId, new EventsQuery());

    /// <inheritdoc cref="Events(RequestedStream)"/>
    public static EventsHttpResult Events(StreamId streamId) => Events(RequestedStream.Of(streamId));

    /// <summary>
    /// A page of the events of a stream; 404 if there is no such stream or its events are hidden, 410 if it is gone for ever, 400 if the
    /// query is wrong.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="query">What the client asks for.</param>
    public static EventsHttpResult Events(RequestedStream streamId, EventsQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(streamId, query);
    }

    /// <inheritdoc cref="Events(RequestedStream, EventsQuery)"/>
    public static EventsHttpResult Events(StreamId streamId, EventsQuery query) => Events(RequestedStream.Of(streamId), query);

    /// <summary>
    /// The events of a stream as server-sent events, and those that are appended while the client listens; 404 if there is no such stream
    /// or its events are hidden, 410 if it is gone for ever.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <returns>See <see cref="FollowHttpResult"/>.</returns>
    public static FollowHttpResult FollowStream(RequestedStream streamId) => new(streamId);

    /// <inheritdoc cref="FollowStream(RequestedStream)"/>
    public static FollowHttpResult FollowStream(StreamId streamId) => new(RequestedStream.Of(streamId));

    /// <summary>All events of the request's tenant as server-sent events, and those that are appended while the client listens.</summary>
    /// <returns>See <see cref="FollowHttpResult"/>.</returns>
    public static FollowHttpResult FollowLog() => FollowLog(new EventFilter());

    /// <inheritdoc cref="FollowLog()"/>
    /// <param name="filter">Which of them. Events of other tenants are not sent, whatever tenants it names.</param>
    public static FollowHttpResult FollowLog(EventFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new(filter);
    }

    /// <exception cref="BadHttpRequestException">No document can have the id.</exception>
    private static DocumentId ReadDocument(string? id)
    {
        try
        {
            return id!; // The conversion refuses null as any other text that is no id.
        }
        catch (ArgumentException unstorable)
        {
            throw new BadHttpRequestException("The address names no document.", unstorable);
        }
    }
}
