namespace FluentEventStore;

/// <summary>A store of events and documents in one schema of one PostgreSQL database. Safe for use by several threads; one instance serves the process.</summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>Brings the database in line with the store, or checks that it is.</summary>
    StoreSchema Schema { get; }

    /// <summary>Moves many events into the store and out of it.</summary>
    EventTransfer Transfer { get; }

    /// <summary>Opens a unit of work. No connection is taken before it reads or saves.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees. Default: <see cref="TenantId.Default"/>.</param>
    IDocumentSession OpenSession(TenantId tenantId = default);

    /// <inheritdoc cref="OpenSession(TenantId)"/>
    IDocumentSession OpenSession(SessionOptions options);

    /// <summary>Opens a session that only reads.</summary>
    /// <param name="tenantId">The tenant whose streams and documents it sees. Default: <see cref="TenantId.Default"/>.</param>
    IQuerySession OpenQuerySession(TenantId tenantId = default);
}
