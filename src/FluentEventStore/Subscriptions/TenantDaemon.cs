using System.Collections.Concurrent;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Carries subscriptions in the databases of all tenants: lists them again and again, carries those that are new, and leaves those that are
/// listed no more. In each it is a node of its own; all of a database is carried by one process.
/// </summary>
internal sealed class TenantDaemon : IDaemon, IDisposable
{
    /// <summary>In how many databases it begins at the same time.</summary>
    private const int Starts = 8;

    private readonly Func<CancellationToken, Task<IReadOnlyList<(TenantId Tenant, DatabaseSubscriptions Database)>>> _list;
    private readonly DaemonMode _mode;
    private readonly TimeSpan _interval;
    private readonly StoreTelemetry _telemetry;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _listing = new(1);
    private readonly ConcurrentDictionary<TenantId, Carried> _carried = new();
    private readonly ConcurrentDictionary<TenantId, Exception> _failures = new();
    private readonly ConcurrentDictionary<Task, bool> _leaving = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Ending _ending;
    private readonly Ending _disposing;
    private Task? _watching;
    private int _state;

    /// <param name="list">Lists the databases.</param>
    /// <param name="mode">How the work is shared with other processes.</param>
    /// <param name="interval">How long after a listing the next one follows.</param>
    /// <param name="telemetry">Where messages go.</param>
    /// <param name="clock">The clock of waits.</param>
    public TenantDaemon(
        Func<CancellationToken, Task<IReadOnlyList<(TenantId Tenant, DatabaseSubscriptions Database)>>> list,
        DaemonMode mode,
        TimeSpan interval,
        StoreTelemetry telemetry,
        TimeProvider clock)
    {
        (_list, _mode, _interval, _telemetry, _clock) = (list, mode, interval, telemetry, clock);
        (_ending, _disposing) = (new Ending(EndAsync), new Ending(DisposeOnceAsync));
    }

    /// <summary>Whether it is over.</summary>
    public bool IsDisposed => _disposing.IsOver;

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
            ObjectDisposedException.ThrowIf(_ending.HasBegun, this);
            throw;
        }

        var isBegun = _ending.TryBegin(() => _watching = OwnFlow.Run(() => WatchAsync(_stopping.Token)));
        ObjectDisposedException.ThrowIf(!isBegun, this);
    }

    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        if (_watching is null || _ending.HasBegun)
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

    public async Task RebuildAsync(string projection, CancellationToken cancellationToken = default)
    {
        foreach (var carried in _carried.Values)
            await carried.Daemon.RebuildAsync(projection, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _ending.EndAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _disposing.EndAsync(CancellationToken.None).ConfigureAwait(false);
        _disposing.Dispose();
    }

    /// <summary>For containers of services that are disposed synchronously: waits on the thread of the caller.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task EndAsync(CancellationToken hurried)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await (_watching ?? Task.CompletedTask).ConfigureAwait(false);

        // Whoever begins in databases at this moment is told to leave that, and nobody begins afterwards.
        await _listing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _listing.Release();
        var ends = _carried.Values.Select(one => one.Daemon.StopAsync(hurried));
        await Task.WhenAll(ends.Concat(_leaving.Keys)).ConfigureAwait(false);
    }

    private async Task DisposeOnceAsync(CancellationToken hurried)
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        foreach (var carried in _carried.Values)
            await carried.Daemon.DisposeAsync().ConfigureAwait(false);

        _carried.Clear();
        _stopping.Dispose();
        _ending.Dispose();
        _listing.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_interval, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await AdoptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (!cancellationToken.IsCancellationRequested)
                    SubscriptionLog.TenantsNotListed(_telemetry, failure);
            }
        }
    }

    private async Task AdoptAsync(CancellationToken caller)
    {
        ObjectDisposedException.ThrowIf(_ending.HasBegun, this);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(caller, _stopping.Token);
        var cancellationToken = ending.Token;
        await _listing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // It may have become free by the end of this.
            cancellationToken.ThrowIfCancellationRequested();
            var databases = await _list(cancellationToken).ConfigureAwait(false);
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
        var daemon = database.BuildDaemon(_mode, isOneOfMany: true);
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
                SubscriptionLog.TenantNotCarried(_telemetry, tenantId.Value, failure);
        }
    }

    private void Leave(TenantId tenantId)
    {
        if (!_carried.TryRemove(tenantId, out var carried))
            return;

        foreach (var ended in _leaving.Keys.Where(static leaving => leaving.IsCompleted))
            _leaving.TryRemove(ended, out _);

        _leaving.TryAdd(LeaveAsync(carried.Daemon, _ending.Hurried), true);
    }

    private static async Task LeaveAsync(Daemon daemon, CancellationToken cancellationToken)
    {
        await daemon.StopAsync(cancellationToken).ConfigureAwait(false);
        await daemon.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Carried(DatabaseSubscriptions Database, Daemon Daemon);
}
