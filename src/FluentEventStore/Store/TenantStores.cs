using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using FluentEventStore.Tenancy;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Store;

/// <summary>The databases of a store that has one for each tenant.</summary>
internal sealed class TenantStores : IAsyncDisposable
{
    private readonly EventStoreOptions _options;
    private readonly ITenantDatabases _tenants;
    private readonly TenantDataSources _dataSources;
    private readonly ConcurrentDictionary<TenantId, Lazy<StoreDatabase>> _databases = new();
    private readonly ConcurrentDictionary<TenantDaemon, bool> _daemons = new();
    private readonly StoreTelemetry _telemetry;

    public TenantStores(EventStoreOptions options, ITenantDatabases tenants)
    {
        _options = options;
        _tenants = tenants;

        _telemetry = new StoreTelemetry(options.Schema, options.LoggerFactory);

        // Sessions that have the earlier database keep it: its connections lead to where the tenant is now.
        _dataSources = new TenantDataSources(
            tenants, options.Connections, options.TimeProvider, tenantId => _databases.TryRemove(tenantId, out _))
        {
            Telemetry = _telemetry,
        };
        Schema = WholeSchema.OfTenants(new SqlIdentifier(options.Schema), StoreDatabase.TablesOf(options), async token =>
            [.. (await ListAsync(token).ConfigureAwait(false)).Select(static database => database.Schema)]);
    }

    /// <summary>Stands for the schemas of all tenants.</summary>
    public StoreSchema Schema { get; }

    /// <summary>Builds the database of a tenant at the first use, without connecting.</summary>
    public StoreDatabase Get(TenantId tenantId) =>
        _databases.GetOrAdd(tenantId, static (id, stores) => new Lazy<StoreDatabase>(() => stores.Compose(id)), this).Value;

    /// <summary>Makes a daemon that carries the subscriptions of all tenants.</summary>
    public TenantDaemon BuildDaemon(DaemonMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");

        foreach (var other in _daemons.Keys.Where(static other => other.IsDisposed))
            _daemons.TryRemove(other, out _);

        var daemon = new TenantDaemon(
            async token => [.. (await ListAsync(token).ConfigureAwait(false)).Select(static one => (one.Owner!.Value, one.Subscriptions))],
            mode,
            _options.Subscriptions.TenantInterval,
            _telemetry,
            _options.WaitClock);
        _daemons.TryAdd(daemon, true);
        return daemon;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in _daemons.Keys)
            await daemon.DisposeAsync().ConfigureAwait(false);

        foreach (var database in _databases.Values)
            await database.Value.DisposeAsync().ConfigureAwait(false);

        await _dataSources.DisposeAsync().ConfigureAwait(false);
    }

    private StoreDatabase Compose(TenantId tenantId)
    {
        var primary = Source(static connections => connections.Primary);
        return new StoreDatabase(
            _options, primary, _options.QueriesOnStandby ? Source(static connections => connections.Queries) : primary, tenantId);

        ConnectionSource Source(Func<StoreConnections, NpgsqlDataSource> choose) =>
            new(async cancellationToken => choose(await _dataSources.FindAsync(tenantId, cancellationToken).ConfigureAwait(false)))
            {
                FindListening = async cancellationToken =>
                    (await _dataSources.FindAsync(tenantId, cancellationToken).ConfigureAwait(false)).Listening,
            };
    }

    public async Task<IReadOnlyList<StoreDatabase>> ListAsync(CancellationToken cancellationToken)
    {
        var tenants = await OwnFlow.LeaveTransactionAsync(
            _tenants,
            static (tenants, token) => tenants.ListAsync(token),
            cancellationToken).ConfigureAwait(false);
        return [.. tenants.Select(Get)];
    }
}
