using FluentEventStore.Events;

namespace FluentEventStore.Subscriptions;

/// <inheritdoc cref="IDaemon"/>
internal sealed class Daemon(
    Func<DatabaseDaemon> make,
    Func<Func<Task>, Waiting> wait,
    Settler settler,
    Func<string, CancellationToken, Task> rebuild,
    IDaemonPart? beside)
    : IDaemon, IDisposable
{
    private readonly Lock _gate = new();
    private DatabaseDaemon? _running;
    private bool _isStarted;
    private bool _isOver;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isStarted)
                throw new InvalidOperationException("The daemon was started before: build another one.");

            _isStarted = true;
        }

        var daemon = make();
        try
        {
            await daemon.StartAsync(cancellationToken).ConfigureAwait(false);
            if (beside is not null)
                await beside.StartAsync(cancellationToken).ConfigureAwait(false);

            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isOver, this);
                _running = daemon;
            }
        }
        catch (Exception)
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            lock (_gate)
                _isStarted = false;

            throw;
        }
    }

    Task IDaemon.CatchUpAsync(CancellationToken cancellationToken) => CatchUpAsync(cancellationToken);

    /// <inheritdoc cref="IDaemon.CatchUpAsync"/>
    /// <returns>Up to where everything is handled.</returns>
    public async Task<long> CatchUpAsync(CancellationToken cancellationToken)
    {
        var daemon = Running;
        var waiting = wait(() => daemon.Place.Moved.Next);
        for (var caught = -1L; ;)
        {
            var head = (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
            foreach (var (name, mismatch) in daemon.Refused)
                throw new SubscriptionStoppedException(name, position: 0, head, $"this process does not carry it: {mismatch.Problem}");

            if (head <= caught)
                return caught;

            var names = await daemon.ActiveAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await waiting
                    .RunAsync(names, head, streams: null, tenantId: null, Timeout.InfiniteTimeSpan, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (SubscriptionStoppedException)
            {
                // A projection that was switched meanwhile is kept by another one.
                if (names.SequenceEqual(await daemon.ActiveAsync(cancellationToken).ConfigureAwait(false)))
                    throw;

                continue;
            }

            caught = head;
        }
    }

    public Task RebuildAsync(string projection, CancellationToken cancellationToken = default)
    {
        _ = Running;
        return rebuild(projection, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.WhenAll(
        End()?.StopAsync(cancellationToken) ?? Task.CompletedTask, beside?.StopAsync(cancellationToken) ?? Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        if (End() is { } daemon)
            await daemon.DisposeAsync().ConfigureAwait(false);

        if (beside is not null)
            await beside.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For containers of services that are disposed synchronously: waits on the thread of the caller.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    // One that is being started when it is to end never runs.
    private DatabaseDaemon? End()
    {
        lock (_gate)
        {
            _isOver = true;
            return _running;
        }
    }

    private DatabaseDaemon Running => (_isOver ? null : _running)
        ?? throw new InvalidOperationException("The daemon is not running: call StartAsync.");
}
