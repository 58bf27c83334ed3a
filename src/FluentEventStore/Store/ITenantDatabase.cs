namespace FluentEventStore;

/// <summary>The database that holds a tenant: what concerns all of the database rather than one session.</summary>
public interface ITenantDatabase
{
    /// <summary>Brings the database in line with the store, or checks that it is.</summary>
    IStoreSchema Schema { get; }

    /// <summary>The events of the database: follows them as they are committed, and says what holds readers back.</summary>
    IEventLog Log { get; }

    /// <summary>The subscriptions of the database: how far they are, and how they are paused, moved and removed.</summary>
    IStoreSubscriptions Subscriptions { get; }

    /// <summary>The projections of the database that a daemon keeps: how far they are, and how they are rebuilt.</summary>
    IStoreProjections Projections { get; }

    /// <summary>The messages of the database that wait to be sent: what they wait for, and how they are tried at once or dropped.</summary>
    IStoreMessages Messages { get; }

    /// <summary>Moves many events into the database and out of it. Events that name another tenant are refused.</summary>
    IEventTransfer Transfer { get; }

    /// <inheritdoc
    ///     cref="IEventStore.SeedAsync(string, Func{IDocumentSession, CancellationToken, Task}, CancellationToken)" path="/summary"/>
    /// <inheritdoc
    ///     cref="IEventStore.SeedAsync(string, Func{IDocumentSession, CancellationToken, Task}, CancellationToken)" path="/param"/>
    /// <returns>Whether the seed was written by this call.</returns>
    /// <inheritdoc
    ///     cref="IEventStore.SeedAsync(string, Func{IDocumentSession, CancellationToken, Task}, CancellationToken)" path="/exception"/>
    Task<bool> SeedAsync(
        string name, Func<IDocumentSession, CancellationToken, Task> seed, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IEventStore.DeleteSnapshotsAsync{T}" path="/summary"/>
    /// <inheritdoc cref="IEventStore.DeleteSnapshotsAsync{T}" path="/returns"/>
    /// <inheritdoc cref="IEventStore.DeleteSnapshotsAsync{T}" path="/exception"/>
    Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="IEventStore.FillSnapshotsAsync{T}(CancellationToken)"/>
    Task<long> FillSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="IEventStore.FillSnapshotsAsync{T}(IProgress{long}, CancellationToken)"/>
    Task<long> FillSnapshotsAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="IEventStore.FillNaturalKeysAsync{T}(CancellationToken)"/>
    Task<NaturalKeyReport> FillNaturalKeysAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="IEventStore.FillNaturalKeysAsync{T}(IProgress{long}, CancellationToken)"/>
    Task<NaturalKeyReport> FillNaturalKeysAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class;

    /// <inheritdoc cref="IEventStore.ScrubAsync(CancellationToken)" path="/summary"/>
    /// <inheritdoc cref="IEventStore.ScrubAsync(CancellationToken)" path="/param"/>
    Task<ScrubReport> ScrubAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IEventStore.ScrubAsync(CancellationToken)" path="/summary"/>
    /// <inheritdoc cref="IEventStore.ScrubAsync(IProgress{ScrubReport}, CancellationToken)" path="/param"/>
    Task<ScrubReport> ScrubAsync(IProgress<ScrubReport> progress, CancellationToken cancellationToken = default);
}
