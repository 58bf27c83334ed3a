using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

// How it ends: by itself, after what is at hand, or at once. Then it waits for nobody who does not come back.
internal sealed partial class WorkerRun
{
    /// <summary>How many graces what is no call of the handler has: statements that are cancelled, and giving the range up.</summary>
    private const int MostGraces = 4;

    /// <summary>How long a worker has that is to end at once: a bit longer than a call of the handler that can be waited for.</summary>
    private static readonly TimeSpan Grace = Handling.Grace + TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _hurried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _cancelling = Task.CompletedTask;
    private bool _isHandling;
    private bool _isLeft;

    public void Abort(RunEnd why)
    {
        Ended ??= why;
        Hurry();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await using (cancellationToken.UnsafeRegister(static run => ((WorkerRun)run!).Hurry(), this).ConfigureAwait(false))
            await AwaitEnd().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Abort(RunEnd.Fenced);
        await AwaitEnd().ConfigureAwait(false);
        var disposing = OwnFlow.Run(DisposeLater);
        if (!_isLeft)
            await disposing.WaitAsync(Grace, _place.WaitClock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Hurry()
    {
        // A handler goes on, and may clean up, on the thread that cancels: not on the one of the daemon, on which all ranges depend, nor
        // on that of whoever stops it.
        lock (_gate)
            _cancelling = Task.WhenAll(_cancelling, _stopping.CancelAsync(), _aborting.CancelAsync());

        _hurried.TrySetResult();
    }

    // What a handler has registered with its token may keep others that wait for it from being told. So this waits for none.
    private async Task AwaitEnd()
    {
        await Task.WhenAny(_running, _hurried.Task).ConfigureAwait(false);
        for (var graces = 1; !_running.IsCompleted && !_isLeft; graces++)
        {
            await _running.WaitAsync(Grace, _place.WaitClock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_running.IsCompleted && (Volatile.Read(ref _isHandling) || graces == MostGraces))
                await LeaveBehind().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The worker is in a call that does not return, and keeps its thread. Whoever is to carry the range next need not wait for that: when
    /// the call returns, the worker finds itself fenced, and what it has in hand is dropped.
    /// </summary>
    private async Task LeaveBehind()
    {
        var ended = Ended;
        Ended ??= RunEnd.Fenced;
        _isLeft = true;
        _handling.Leave();
        _place.Outages.End(_holding.Range);
        SubscriptionLog.LeftBehind(_place.Database.Telemetry, _holding.Range);
        await GiveUp(ended).ConfigureAwait(false);
        _place.Moved.Set();
    }

    // Whoever fenced this range has it already, and who carried it on another server, or gave a tenant its own, claims it anew.
    private async Task GiveUp(RunEnd? ended)
    {
        if (ended is RunEnd.Fenced or RunEnd.Faulted or RunEnd.ServerChanged or RunEnd.TenantApart)
            return;

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await _place.Rows.GiveUpAsync(_holding.Range, Epoch, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The lease of the node runs out instead.
        }
    }

    // A call that was left behind, and what it was told by its token, may use all this until they return.
    private async Task DisposeLater()
    {
        await Task.WhenAll(_running, _cancelling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _handling.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _aborting.Dispose();
    }
}
