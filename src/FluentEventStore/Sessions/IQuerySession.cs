namespace FluentEventStore;

/// <summary>
/// Reads documents and events of one tenant. Not for use by several threads at once. To dispose it waits for nothing, either way.
/// </summary>
public interface IQuerySession : IAsyncDisposable, IDisposable
{
    /// <summary>The tenant whose streams and documents the session sees.</summary>
    TenantId TenantId { get; }

    /// <summary>Reads events.</summary>
    IEventReader Events { get; }

    /// <summary>Loads one document, in one round trip; what the session itself has not saved yet is not seen.</summary>
    /// <typeparam name="T">
    /// A type marked with <see cref="DocumentAttribute"/>, or an aggregate that the store keeps as an inline snapshot: then it is what the
    /// events of its stream lead to, as <see cref="IEventReader.FetchLatestAsync"/> says.
    /// </typeparam>
    /// <returns><see langword="null"/> where there is none with the id.</returns>
    /// <exception cref="ArgumentException">The type is no document of the store, or the id has not the type of its ids.</exception>
    /// <exception cref="DocumentSerializationException">The stored JSON does not fit the type.</exception>
    Task<T?> LoadAsync<T>(DocumentId id, CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>Loads the documents that exist among the ids, in the order of the ids, each once, in one round trip.</summary>
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
}
