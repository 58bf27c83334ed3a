using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Tenancy;

/// <summary>The connections of all tenants that were used. It keeps nothing of tenants that do not exist.</summary>
/// <param name="databases">Says where tenants are.</param>
/// <param name="settings">How to connect.</param>
/// <param name="time">The clock by which answers grow old.</param>
/// <param name="left">Called with a tenant that has no database, or another one than before.</param>
internal sealed class TenantDataSources(ITenantDatabases databases, ConnectionSettings settings, TimeProvider time, Action<TenantId> left)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TenantId, TenantDataSource> _sources = new();
    private volatile bool _isDisposed;

    /// <summary>Where log messages go.</summary>
    public StoreTelemetry Telemetry { get; init; } = StoreTelemetry.Unnamed;

    /// <exception cref="UnknownTenantException">The tenant has no database.</exception>
    /// <exception cref="TenantDatabaseException">Its connection string is wrong.</exception>
    public async ValueTask<StoreConnections> FindAsync(TenantId tenantId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_isDisposed)
                throw ConnectionSource.Disposed();

            var source = _sources.GetOrAdd(tenantId, Add);
            try
            {
                var connections = await source.FindAsync(cancellationToken).ConfigureAwait(false);
                if (_isDisposed)
                    await source.DisposeAsync().ConfigureAwait(false);
                else if (connections is not null)
                    return connections;
            }
            catch (UnknownTenantException)
            {
                left(tenantId);
                throw;
            }
            finally
            {
                if (source.IsClosed)
                    _sources.TryRemove(KeyValuePair.Create(tenantId, source));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (var source in _sources.Values)
            await source.DisposeAsync().ConfigureAwait(false);
    }

    private TenantDataSource Add(TenantId tenantId) => new(databases, tenantId, settings, time) { Moved = () => Leave(tenantId) };

    private void Leave(TenantId tenantId)
    {
        TenantLog.Moved(Telemetry, tenantId);
        left(tenantId);
    }
}
