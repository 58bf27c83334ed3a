namespace FluentEventStore;

/// <summary>A store of events and documents in one schema of one PostgreSQL database, or of one for each tenant. Safe for use by several threads; one instance serves the process.</summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>Brings the database in line with the store, or checks that it is. Where tenants have databases of their own: those of all tenants.</summary>
    StoreSchema Schema { get; }

    /// <summary>The events of all streams and tenants: follows them as they are committed, and says what holds readers back.</summary>
    /// <exception cref="InvalidOperationException">Tenants have databases of their own: use <see cref="DatabaseOf"/>.</exception>
    IEventLog Log { get; }

    /// <summary>Forgets the subjects of personal data, and masks events that are recorded.</summary>
    StorePrivacy Privacy { get; }

    /// <summary>Moves many events into the store and out of it.</summary>
    /// <inheritdoc cref="Log" path="/exception"/>
    EventTransfer Transfer { get; }

    /// <summary>The database that holds a tenant. Where tenants have none of their own it is the one that all share.</summary>
    /// <remarks>Nothing is connected yet: a tenant without a database is an <see cref="UnknownTenantException"/> at the first use.</remarks>
    ITenantDatabase DatabaseOf(TenantId tenantId);

    /// <summary>Opens a unit of work. No connection is taken before it reads or saves.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees. Default: <see cref="TenantId.Default"/>.</param>
    IDocumentSession OpenSession(TenantId tenantId = default);

    /// <inheritdoc cref="OpenSession(TenantId)"/>
    IDocumentSession OpenSession(SessionOptions options);

    /// <summary>Opens a session that only reads.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees. Default: <see cref="TenantId.Default"/>.</param>
    IQuerySession OpenQuerySession(TenantId tenantId = default);

    /// <summary>Deletes the snapshots that <see cref="ProjectionOptions.SnapshotLive"/> keeps of an aggregate, of all tenants. Reading folds and keeps it anew.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentException">The type is no aggregate.</exception>
    Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class;

    /// <summary>
    /// Removes for ever the events that were truncated and those that <see cref="EventOptions.Retention"/> no longer keeps, of all tenants. Runs beside
    /// everything else, stream by stream; after an interruption call it again.
    /// </summary>
    /// <param name="progress">Told what was removed so far, after each stream that lost events.</param>
    /// <param name="cancellationToken">Ends the scrub; what was removed stays removed.</param>
    /// <inheritdoc cref="Log" path="/exception"/>
    Task<ScrubReport> ScrubAsync(IProgress<ScrubReport>? progress = null, CancellationToken cancellationToken = default);
}
