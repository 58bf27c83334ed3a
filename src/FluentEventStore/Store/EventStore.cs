using FluentEventStore.Commands;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using FluentEventStore.Store;
using FluentEventStore.Telemetry;

namespace FluentEventStore;

/// <inheritdoc cref="IEventStore"/>
public sealed class EventStore : IEventStore, IDisposable
{
    // Either the connections and the one database, or the databases of tenants.
    private readonly StoreConnections? _connections;
    private readonly StoreDatabase? _only;
    private readonly TenantStores? _tenants;

    private volatile bool _isDisposed;

    private EventStore(EventStoreOptions options)
    {
        Privacy = new StorePrivacy(tenantId => Of(tenantId).Keys, tenantId => (tenantId is { } one ? Of(one) : Only).Masking);
        if (options.DatabasesOfTenants is { } databases)
        {
            _tenants = new TenantStores(options, databases);
            return;
        }

        _connections = new StoreConnections(options.Connections);
        if (_connections.PreparesNothing)
            ConnectionLog.NothingPrepared(new StoreTelemetry(options.Schema, options.LoggerFactory));

        var listening = _connections.Listening;
        var primary = new ConnectionSource(_connections.Primary) { FindListening = _ => new(listening) };
        _only = new StoreDatabase(options, primary, _connections.Queries == _connections.Primary ? primary : _connections.Queries);
    }

    /// <inheritdoc/>
    public IStoreSchema Schema => Live(_tenants?.Schema ?? _only!.Schema);

    /// <inheritdoc/>
    public IEventLog Log => Only.Log;

    /// <inheritdoc/>
    public IStorePrivacy Privacy { get; }

    /// <inheritdoc/>
    public IStoreSubscriptions Subscriptions => Only.Subscriptions.Controls;

    /// <inheritdoc/>
    public IStoreProjections Projections => Only.Projections;

    /// <inheritdoc/>
    public IStoreMessages Messages => Only.Messages.Controls;

    /// <inheritdoc/>
    public IEventTransfer Transfer => Only.Transfer;

    /// <summary>The databases of all tenants: one if they share it.</summary>
    internal async Task<IReadOnlyList<StoreDatabase>> ListDatabasesAsync(CancellationToken cancellationToken) =>
        Live(_tenants) is { } tenants ? await tenants.ListAsync(cancellationToken).ConfigureAwait(false) : [Only];

    private StoreDatabase Only => Live(_only)
        ?? throw new InvalidOperationException(
            "The store has a database for each tenant: choose one, as in store.DatabaseOf(tenantId).Log.");

    /// <summary>Makes a store. Nothing is connected yet.</summary>
    /// <param name="configure">Sets the options; a connection must be given.</param>
    /// <exception cref="ArgumentException">No connection is given, or an option is wrong.</exception>
    public static EventStore For(Action<EventStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new EventStoreOptions();
        configure(options);
        return Of(options);
    }

    /// <summary>Makes a store of options, which cannot be changed any more.</summary>
    /// <exception cref="ArgumentException">No connection is given, or an option is wrong.</exception>
    internal static EventStore Of(EventStoreOptions options)
    {
        options.Freeze();
        return new EventStore(options);
    }

    /// <inheritdoc/>
    public ITenantDatabase DatabaseOf(TenantId tenantId) => Of(tenantId);

    /// <inheritdoc/>
    public async Task WaitForAsync(Commit commit, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var subscriptions = (commit.TenantId is { } tenantId ? Of(tenantId) : Only).Subscriptions;
        var names = await subscriptions.ProjectionsAsync(cancellationToken).ConfigureAwait(false);
        await subscriptions.WaitForAsync(commit, timeout, names, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task WaitForAsync(Commit commit, string subscription, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return WaitForAsync(commit, [subscription], timeout, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WaitForAsync(
        Commit commit, IReadOnlyCollection<string> subscriptions, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        ArgumentNullException.ThrowIfNull(subscriptions);
        return WaitAsync((commit.TenantId is { } tenantId ? Of(tenantId) : Only).Subscriptions);

        async Task WaitAsync(Subscriptions.DatabaseSubscriptions of) => await of
            .WaitForAsync(commit, timeout, await of.ResolveAsync(subscriptions, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IDaemon BuildDaemon() => BuildDaemon(DaemonMode.Solo);

    /// <inheritdoc/>
    public IDaemon BuildDaemon(DaemonMode mode) =>
        Live(_tenants)?.BuildDaemon(mode) ?? (IDaemon)Only.Subscriptions.BuildDaemon(mode);

    /// <inheritdoc/>
    public IDocumentSession OpenSession() => OpenSession(default(TenantId));

    /// <inheritdoc/>
    public IDocumentSession OpenSession(TenantId tenantId) => new DocumentSession(Of(tenantId).Context, tenantId);

    /// <inheritdoc/>
    public IDocumentSession OpenSession(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is ExecutionOptions)
            throw new ArgumentException(
                $"{nameof(ExecutionOptions)} are for ExecuteAsync: a session neither checks nor retries.", nameof(options));

        return new DocumentSession(Of(options.TenantId).ContextFor(options), options);
    }

    /// <inheritdoc/>
    public IQuerySession OpenQuerySession() => OpenQuerySession(default);

    /// <inheritdoc/>
    public IQuerySession OpenQuerySession(TenantId tenantId) => new QuerySession(Of(tenantId).Queries, tenantId);

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<T>(
        StreamId streamId, Func<T?, CancellationToken, IEnumerable<object>> decide, CancellationToken cancellationToken = default)
        where T : class => ExecuteAsync(streamId, decide, new SessionOptions(), cancellationToken);

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<T>(
        StreamId streamId,
        Func<T?, CancellationToken, IEnumerable<object>> decide,
        SessionOptions options,
        CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        return Execute(streamId, options).RunAsync<T>(
            (aggregate, token) => new ValueTask<IEnumerable<object>>(decide(aggregate, token)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<T>(
        StreamId streamId, Func<T?, CancellationToken, Task<IEnumerable<object>>> decide, CancellationToken cancellationToken = default)
        where T : class => ExecuteAsync(streamId, decide, new SessionOptions(), cancellationToken);

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<T>(
        StreamId streamId,
        Func<T?, CancellationToken, Task<IEnumerable<object>>> decide,
        SessionOptions options,
        CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(decide);
        return Execute(streamId, options).RunAsync<T>(
            (aggregate, token) => new ValueTask<IEnumerable<object>>(decide(aggregate, token)), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<TState>(
        IDecider<TState> decider, StreamId streamId, object command, CancellationToken cancellationToken = default) =>
        ExecuteAsync(decider, streamId, command, new SessionOptions(), cancellationToken);

    /// <inheritdoc/>
    public Task<Commit> ExecuteAsync<TState>(
        IDecider<TState> decider, StreamId streamId, object command, SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decider);
        ArgumentNullException.ThrowIfNull(command);
        return Execute(streamId, options).RunAsync(decider, command, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> SeedAsync(
        string name, Func<IDocumentSession, CancellationToken, Task> seed, CancellationToken cancellationToken = default)
    {
        var wasSeeded = false;
        foreach (var database in await ListDatabasesAsync(cancellationToken).ConfigureAwait(false))
            wasSeeded |= await database.SeedAsync(name, seed, cancellationToken).ConfigureAwait(false);

        return wasSeeded;
    }

    /// <inheritdoc/>
    public Task<bool> SeedAsync(
        string name,
        TenantId tenantId,
        Func<IDocumentSession, CancellationToken, Task> seed,
        CancellationToken cancellationToken = default) => Of(tenantId).SeedAsync(name, tenantId, seed, cancellationToken);

    /// <inheritdoc/>
    public Task<ScrubReport> ScrubAsync(CancellationToken cancellationToken = default) => Only.ScrubAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ScrubReport> ScrubAsync(IProgress<ScrubReport> progress, CancellationToken cancellationToken = default) =>
        Only.ScrubAsync(progress, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DeleteSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class =>
        Only.DeleteSnapshotsAsync<T>(cancellationToken);

    /// <inheritdoc/>
    public Task<long> FillSnapshotsAsync<T>(CancellationToken cancellationToken = default)
        where T : class =>
        Only.FillSnapshotsAsync<T>(cancellationToken);

    /// <inheritdoc/>
    public Task<long> FillSnapshotsAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class =>
        Only.FillSnapshotsAsync<T>(progress, cancellationToken);

    /// <inheritdoc/>
    public Task<NaturalKeyReport> FillNaturalKeysAsync<T>(CancellationToken cancellationToken = default)
        where T : class =>
        Only.FillNaturalKeysAsync<T>(cancellationToken);

    /// <inheritdoc/>
    public Task<NaturalKeyReport> FillNaturalKeysAsync<T>(IProgress<long> progress, CancellationToken cancellationToken = default)
        where T : class =>
        Only.FillNaturalKeysAsync<T>(progress, cancellationToken);

    /// <summary>
    /// Ends the followers of the log, and closes the connections that the store opened itself. A data source of the application stays open.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_tenants is not null)
        {
            await _tenants.DisposeAsync().ConfigureAwait(false);
            return;
        }

        await _only!.DisposeAsync().ConfigureAwait(false);
        await _connections!.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// As <see cref="DisposeAsync"/>, and waits for its end on the thread of the caller: for those who cannot await, such as a container of
    /// services that is disposed synchronously.
    /// </summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Execution Execute(StreamId streamId, SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        return new Execution(Of(options.TenantId).ContextFor(options), options, streamId);
    }

    private StoreDatabase Of(TenantId tenantId) => Live(_only) ?? _tenants!.Get(tenantId);

    private T Live<T>(T part) => _isDisposed ? throw ConnectionSource.Disposed() : part;
}
