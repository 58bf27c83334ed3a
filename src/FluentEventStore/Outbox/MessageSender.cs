using System.Collections.Concurrent;
using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Outbox;

/// <summary>
/// Sends the messages of one database in this process: looks for lanes when something was published, is due, or may come from another
/// process, takes as many as it has hands for, and renews their leases.
/// </summary>
internal sealed class MessageSender : IDaemonPart
{
    /// <summary>The least time between two looks where nothing has changed.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>How long after a look the next one follows, where there are many databases.</summary>
    private static readonly TimeSpan LongPollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseOfOutage = TimeSpan.FromSeconds(1);

    private readonly MessageOptions _options;
    private readonly LaneRows _rows;
    private readonly Sending _sending;
    private readonly Settling _settling;
    private readonly MessageSignal _signal;
    private readonly MessageWatch _watch;
    private readonly StoreTelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly TimeProvider _waitClock;
    private readonly DaemonMode _mode;
    private readonly TimeSpan _pollInterval;
    private readonly ConcurrentDictionary<LaneRun, Task> _runs = new();
    private readonly HashSet<string> _toldTypes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Ending _ending;
    private readonly Ending _disposing;
    private Task _looking = Task.CompletedTask;
    private Task _renewing = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private LaneKey _last = LaneKey.Start;
    private bool _hasLooked;
    private int _failedLooks;

    public MessageSender(
        MessageOptions options,
        LaneRows rows,
        Sending sending,
        MessageSignal signal,
        MessageWatch watch,
        StoreTelemetry telemetry,
        (TimeProvider Time, TimeProvider Wait) clocks,
        DaemonMode mode,
        bool isOneOfMany)
    {
        (_options, _rows, _sending, _signal, _watch, _telemetry, _mode) = (options, rows, sending, signal, watch, telemetry, mode);
        (_time, _waitClock) = clocks;
        _settling = new Settling(rows.SettleAsync);
        _pollInterval = isOneOfMany && options.PollInterval < LongPollInterval ? LongPollInterval : options.PollInterval;
        (_ending, _disposing) = (new Ending(EndAsync), new Ending(DisposeOnceAsync));
    }

    public bool IsDisposed => _disposing.IsOver;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var isBegun = _ending.TryBegin(() =>
        {
            _looking = OwnFlow.Run(() => LookAsync(_stopping.Token));
            _renewing = OwnFlow.Run(() => RenewAsync(_stopping.Token));
            _watching = OwnFlow.Run(() => _watch.RunAsync(_stopping.Token));
        });
        ObjectDisposedException.ThrowIf(!isBegun, this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken hurried) => _ending.EndAsync(hurried);

    public async ValueTask DisposeAsync()
    {
        await _disposing.EndAsync(CancellationToken.None).ConfigureAwait(false);
        _disposing.Dispose();
    }

    private async Task EndAsync(CancellationToken hurried)
    {
        // Leases are renewed up to the last message.
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var run in _runs.Keys)
            run.Stop();

        await _looking.ConfigureAwait(false);
        foreach (var run in _runs.Keys)
            run.Stop();

        await Task.WhenAll(_runs.Values).ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    private async Task DisposeOnceAsync(CancellationToken hurried)
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _settling.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _ending.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            // Before the look: what comes meanwhile is seen by the next one.
            var woken = _signal.Next;
            var pause = _pollInterval;
            try
            {
                pause = await LookOnceAsync(cancellationToken).ConfigureAwait(false);
                _failedLooks = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Each minute, however long it takes.
                if (_failedLooks++ % 60 == 0)
                    MessageLog.LookFailed(_telemetry, failure);

                (woken, pause) = (Task.Delay(Timeout.Infinite, cancellationToken), PauseOfOutage);
            }

            await WaitAsync(woken, pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>How long to wait for the next look, unless something wakes it.</returns>
    private async Task<TimeSpan> LookOnceAsync(CancellationToken cancellationToken)
    {
        if (_mode == DaemonMode.Solo && !_hasLooked)
            await _rows.TakeOverAsync(cancellationToken).ConfigureAwait(false);

        _hasLooked = true;
        var free = _options.Concurrency - _runs.Count;
        if (free <= 0)
            return _pollInterval;

        var asked = _waitClock.GetTimestamp();
        var claims = await _rows.ClaimAsync(_options.ListTypes(), _time.GetUtcNow(), _last, free, _ending.Hurried)
            .ConfigureAwait(false);
        _last = claims.Last;
        foreach (var lane in claims.Lanes)
            Begin(lane, asked);

        foreach (var type in claims.OtherTypes.Where(_toldTypes.Add))
            MessageLog.NotSentHere(_telemetry, type);

        return PauseAfter(claims);
    }

    private TimeSpan PauseAfter(Claims claims)
    {
        var pause = _pollInterval;
        if (claims.NextRetry is { } retry && retry < pause)
            pause = retry;

        if (claims.NextDue is { } due && due - _time.GetUtcNow() is var left && left < pause)
            pause = left;

        return pause > ShortestPause ? pause : ShortestPause;
    }

    private void Begin(ClaimedLane lane, long asked)
    {
        var run = new LaneRun(lane, _sending, _settling, _options, _telemetry, _waitClock);
        var isBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[run] = OwnFlow.Run(async () =>
        {
            // Not before it is among the others.
            await isBegun.Task.ConfigureAwait(false);
            try
            {
                await run.RunAsync(asked, _ending.Hurried).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // Its lease ends by itself.
                MessageLog.LookFailed(_telemetry, failure);
            }

            _runs.TryRemove(run, out _);
            run.Dispose();
            _signal.Set();
        });
        isBegun.SetResult();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested || !_runs.IsEmpty)
        {
            var delay = Task.Delay(_options.Lease / 3, _waitClock, cancellationToken);
            await (cancellationToken.IsCancellationRequested
                ? Task.WhenAny(Task.WhenAll(_runs.Values), Task.Delay(_options.Lease / 3, _waitClock, CancellationToken.None))
                : delay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_runs.Keys.Select(run => run.RenewAsync(_ending.Hurried))).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(Task woken, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(woken, Task.Delay(pause, _waitClock, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
    }
}
