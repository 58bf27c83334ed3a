using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Carries subscriptions in the databases of all tenants: lists them again and again, carries those that are new, and leaves those that are
/// listed no more. In each it is a node of its own; all of a database is carried by one process.
/// </summary>
/// <param name="list">Lists the databases.</param>
/// <param name="mode">How the work is shared with other processes.</param>
/// <param name="interval">How long after a listing the next one follows.</param>
/// <param name="telemetry">Where messages go.</param>
/// <param name="clock">The clock of waits.</param>
internal sealed class TenantDaemon(
    Func<CancellationToken, Task<IReadOnlyList<(TenantId Tenant, DatabaseSubscriptions Database)>>> list,
    DaemonMode mode,
    TimeSpan interval,
    StoreTelemetry telemetry,
    TimeProvider clock) : IDaemon, IDisposable
{
    /// <summary>In how many databases it begins at the same time.</summary>
    private const int Starts = 8;

    private readonly SemaphoreSlim _listing = new(1);
    private readonly ConcurrentDictionary<TenantId, Carried> _carried = new();
    private readonly ConcurrentDictionary<TenantId, Exception> _failures = new();
    private readonly ConcurrentDictionary<Task, bool> _leaving = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _isTimeOver = new();
    private Task? _watching;
    private int _state;

    /// <summary>Whether it is over.</summary>
    public bool IsDisposed { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _state, 1) != 0)
            throw new InvalidOperationException("The daemon was started before: build another one.");

        try
        {
            await AdoptAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Volatile.Write(ref _state, 0);
            throw;
        }

        _watching = OwnFlow.Run(() => WatchAsync(_stopping.Token));
    }

    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        if (_watching is null)
            throw new InvalidOperationException("The daemon is not running: call StartAsync.");

        // What one database is told may be done by the handlers of another.
        for (var before = -1L; ;)
        {
            var now = 0L;
            await AdoptAsync(cancellationToken).ConfigureAwait(false);
            foreach (var (tenantId, failure) in _failures)
                throw new InvalidOperationException(
                    $"The subscriptions of tenant '{tenantId}' are not carried: {failure.Message}", failure);

            foreach (var carried in _carried.Values)
                now += await carried.Daemon.CatchUpAsync(cancellationToken).ConfigureAwait(false);

            if (now == before)
                return;

            before = now;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await (_watching ?? Task.CompletedTask).ConfigureAwait(false);
        using var ending = cancellationToken.UnsafeRegister(static daemon => ((TenantDaemon)daemon!)._isTimeOver.Cancel(), this);
        var ends = _carried.Values.Select(one => one.Daemon.StopAsync(cancellationToken));
        await Task.WhenAll(ends.Concat(_leaving.Keys)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsDisposed)
            return;

        IsDisposed = true;
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        foreach (var carried in _carried.Values)
            await carried.Daemon.DisposeAsync().ConfigureAwait(false);

        _carried.Clear();
        _stopping.Dispose();
        _isTimeOver.Dispose();
        _listing.Dispose();
    }

    /// <summary>For containers of services that are disposed synchronously: waits on the thread of the caller.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(interval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await AdoptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (!cancellationToken.IsCancellationRequested)
                    SubscriptionLog.TenantsNotListed(telemetry, failure);
            }
        }
    }

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        await _listing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var databases = await list(cancellationToken).ConfigureAwait(false);
            var listed = databases.ToDictionary(static one => one.Tenant, static one => one.Database);
            foreach (var tenantId in _failures.Keys.Where(tenantId => !listed.ContainsKey(tenantId)))
                _failures.TryRemove(tenantId, out _);

            // A tenant that has moved has another database.
            foreach (var (tenantId, carried) in _carried)
            {
                if (!listed.TryGetValue(tenantId, out var database) || database != carried.Database)
                    Leave(tenantId);
            }

            var options = new ParallelOptions { MaxDegreeOfParallelism = Starts, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                listed.Where(one => !_carried.ContainsKey(one.Key)),
                options,
                async (one, token) => await CarryAsync(one.Key, one.Value, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            _listing.Release();
        }
    }

    private async Task CarryAsync(TenantId tenantId, DatabaseSubscriptions database, CancellationToken cancellationToken)
    {
        var daemon = database.BuildDaemon(mode, isOneOfMany: true);
        try
        {
            await daemon.StartAsync(cancellationToken).ConfigureAwait(false);
            _carried[tenantId] = new Carried(database, daemon);
            _failures.TryRemove(tenantId, out _);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // One database that is not there keeps nobody from the others. It is tried again with the next listing.
            if (_failures.TryAdd(tenantId, failure))
                SubscriptionLog.TenantNotCarried(telemetry, tenantId.Value, failure);
        }
    }

    private void Leave(TenantId tenantId)
    {
        if (!_carried.TryRemove(tenantId, out var carried))
            return;

        foreach (var ended in _leaving.Keys.Where(static leaving => leaving.IsCompleted))
            _leaving.TryRemove(ended, out _);

        _leaving.TryAdd(LeaveAsync(carried.Daemon, _isTimeOver.Token), true);
    }

    private static async Task LeaveAsync(Daemon daemon, CancellationToken cancellationToken)
    {
        await daemon.StopAsync(cancellationToken).ConfigureAwait(false);
        await daemon.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Carried(DatabaseSubscriptions Database, Daemon Daemon);
}
