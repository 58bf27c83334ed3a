namespace FluentEventStore;

/// <summary>
/// Reads documents and events of one tenant. Not for use by several threads at once. Disposing it, synchronously or asynchronously, waits
/// for nothing.
/// </summary>
public interface IQuerySession : IAsyncDisposable, IDisposable
{
    /// <summary>The tenant whose streams and documents the session sees.</summary>
    TenantId TenantId { get; }

    /// <summary>Reads events.</summary>
    IEventReader Events { get; }

    /// <summary>
    /// Whether the store keeps aggregates of a type as inline snapshots: what is loaded of them has the versions of their streams.
    /// </summary>
    bool KeepsSnapshots<T>()
        where T : class;

    /// <summary>Finds the stream that holds a value (<see cref="IDocumentSession.Reserve"/>), in one round trip.</summary>
    /// <param name="name">What the value is unique for.</param>
    /// <param name="value">The value: 1 to 1,000 characters.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns><see langword="null"/> if no stream of the tenant holds it.</returns>
    /// <exception cref="ArgumentException">A text is empty, too long or cannot be stored.</exception>
    Task<StreamId?> FindReservationAsync(string name, string value, CancellationToken cancellationToken = default);

    /// <summary>Loads one document, in one round trip, without changes that the session has not saved yet.</summary>
    /// <typeparam name="T">
    /// A type marked with <see cref="DocumentAttribute"/>, or an aggregate that the store keeps as an inline snapshot. Such an aggregate is
    /// what the events of its stream lead to, as with <see cref="IEventReader.FetchLatestAsync{T}(StreamId, CancellationToken)"/>.
    /// </typeparam>
    /// <returns><see langword="null"/> if there is none with the id.</returns>
    /// <exception cref="ArgumentException">The type is no document of the store, or the id does not have the type of its ids.</exception>
    /// <exception cref="DocumentSerializationException">The stored JSON does not fit the type.</exception>
    Task<T?> LoadAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>As <see cref="LoadAsync{T}"/>, with its stored version.</summary>
    /// <returns>
    /// The version of an inline snapshot is that of its stream; <see langword="null"/> if there is none with the id.
    /// </returns>
    /// <inheritdoc cref="LoadAsync{T}" path="/typeparam"/>
    /// <inheritdoc cref="LoadAsync{T}" path="/exception"/>
    Task<Versioned<T>?> LoadVersionedAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>As <see cref="LoadVersionedAsync{T}"/>, as UTF-8 JSON that is not decoded.</summary>
    /// <returns>
    /// The same value as is written for the document, not byte by byte: the database orders the properties and writes numbers in its own
    /// way. What the type has got or lost since the document was written is as it was then. An inline snapshot whose row is not there or
    /// lacks events is folded and written; <see langword="null"/> if there is none with the id.
    /// </returns>
    /// <inheritdoc cref="LoadAsync{T}" path="/typeparam"/>
    /// <inheritdoc cref="LoadAsync{T}" path="/exception"/>
    Task<Versioned<ReadOnlyMemory<byte>>?> LoadJsonAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Loads the documents that exist with these ids, in the order of the ids, each once, in one round trip.</summary>
    /// <inheritdoc cref="LoadAsync{T}" path="/exception"/>
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<string> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<int> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<long> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Loads the documents that exist with these ids as <see cref="LoadJsonAsync{T}"/> does, in the order of the ids, each once, in one
    /// round trip.
    /// </summary>
    /// <inheritdoc cref="LoadAsync{T}" path="/exception"/>
    Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<Guid> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyJsonAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<string> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyJsonAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<int> ids, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="LoadManyJsonAsync{T}(IEnumerable{Guid}, CancellationToken)"/>
    Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>> LoadManyJsonAsync<T>(
        IEnumerable<long> ids, CancellationToken cancellationToken = default)
        where T : class;
}
