using FluentEventStore.Postgres;

namespace FluentEventStore.Tenancy;

/// <summary>The connections of one tenant: found at the first use, and looked up again when they are old.</summary>
internal sealed class TenantDataSource(ITenantDatabases databases, TenantId tenantId, ConnectionSettings settings, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>How long an answer holds.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    // Never disposed: nobody asks for its wait handle.
    private readonly SemaphoreSlim _gate = new(1);
    private volatile Known? _known;
    private volatile bool _isClosed;

    /// <summary>Called when the tenant turns out to be in another database than before.</summary>
    public required Action Moved { get; init; }

    /// <summary>Whether it was disposed: it finds nothing any more.</summary>
    public bool IsClosed => _isClosed;

    /// <returns><see langword="null"/> if this was disposed: another one takes its place.</returns>
    /// <exception cref="UnknownTenantException">The tenant has no database. This is disposed then.</exception>
    /// <exception cref="TenantDatabaseException">Its connection string is wrong.</exception>
    public ValueTask<StoreConnections?> FindAsync(CancellationToken cancellationToken) =>
        _known is { } known && IsFresh(known) ? new(known.Connections) : new(AskAsync(cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Replace(null) is { } replaced)
                await replaced.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool IsFresh(Known known) => time.GetElapsedTime(known.AskedAt) < Lifetime;

    private async Task<StoreConnections?> AskAsync(CancellationToken cancellationToken)
    {
        // Only one caller asks. The others need not wait for the answer if there is an old one.
        if (!_gate.Wait(0, CancellationToken.None))
        {
            if (_known is { } old)
                return old.Connections;

            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (_isClosed)
                return null;

            if (_known is { } known && IsFresh(known))
                return known.Connections;

            var askedAt = time.GetTimestamp();
            var found = await AskDatabasesAsync(cancellationToken).ConfigureAwait(false);
            var before = _known;
            if (found is not null && found == before?.ConnectionString)
                _known = before with { AskedAt = askedAt };
            else if (Replace(found is null ? null : new Known(found, Connect(found), askedAt)) is { } replaced)
                await replaced.DisposeAsync().ConfigureAwait(false);

            return _known?.Connections ?? throw new UnknownTenantException(tenantId);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<string?> AskDatabasesAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The answer is kept for other callers, so it must not be rolled back with this caller's transaction.
            return await OwnFlow
                .LeaveTransactionAsync(
                    (databases, tenantId), static (ask, token) => ask.databases.FindAsync(ask.tenantId, token), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (UnknownTenantException)
        {
            return null;
        }
        catch (Exception) when (_known is not null && !cancellationToken.IsCancellationRequested)
        {
            // The source of the answers may be down for longer than an answer holds, while the tenants' databases are not.
            return _known.ConnectionString;
        }
    }

    private StoreConnections Connect(string connectionString)
    {
        try
        {
            return new StoreConnections(settings with { ConnectionString = connectionString });
        }
        catch (ArgumentException e)
        {
            throw new TenantDatabaseException(tenantId, e.Message, e);
        }
    }

    /// <returns>
    /// What was known before. Close it as soon as nobody is given it any more: connections in use outlive their data source.
    /// </returns>
    private StoreConnections? Replace(Known? known)
    {
        var before = _known;
        _known = known;
        _isClosed = known is null;
        if (before is not null && known is not null)
            Moved();

        return before?.Connections;
    }

    private sealed record Known(string ConnectionString, StoreConnections Connections, long AskedAt);
}
