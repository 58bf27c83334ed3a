using FluentEventStore.Messages;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Outbox;

/// <summary>
/// Sends the messages of a lane that this process holds, one after the other, and writes each down before it sends the next.
/// </summary>
internal sealed class LaneRun(
    ClaimedLane lane, Sending sending, Settling settling, MessageOptions options, StoreTelemetry store, TimeProvider clock)
    : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private long _heldSince;
    private volatile bool _isStopping;
    private volatile bool _isLost;

    /// <param name="heldSince">When the lane was asked for, by the clock of waits.</param>
    /// <param name="hurried">Ends the call at hand.</param>
    public async Task RunAsync(long heldSince, CancellationToken hurried)
    {
        Interlocked.Exchange(ref _heldSince, heldSince);
        using var hurrying = hurried.UnsafeRegister(static run => ((LaneRun)run!).End(), this);
        var (isSettled, ending) = (false, _ending.Token);
        for (var index = 0; index < lane.Messages.Count && !isSettled && MayGoOn(); index++)
            isSettled = await SendAsync(lane.Messages[index], index == lane.Messages.Count - 1, ending).ConfigureAwait(false);

        if (!isSettled && !_isLost)
            await SettleAsync(new Settlement(lane.Lane, lane.Token) { Ends = true }, ending).ConfigureAwait(false);
    }

    /// <summary>Ends after the message at hand.</summary>
    public void Stop() => _isStopping = true;

    public void Dispose() => _ending.Dispose();

    /// <summary>Begins the lease anew.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        try
        {
            if (await settling.SettleAsync(new Settlement(lane.Lane, lane.Token), cancellationToken).ConfigureAwait(false))
                Interlocked.Exchange(ref _heldSince, now);
            else
                Lose();
        }
        catch (Exception)
        {
            // The database does not answer: others may take the lane over when its time has come.
            if (!IsInTime())
                Lose();
        }
    }

    /// <summary>Another process may send the messages by now: this one does not begin another, and ends the one at hand.</summary>
    private void Lose()
    {
        _isLost = true;
        End();
    }

    private void End()
    {
        _isStopping = true;

        try
        {
            // What is told to end may take its time, or throw.
            Sending.Forget(_ending.CancelAsync());
        }
        catch (ObjectDisposedException)
        {
            // It is over.
        }
    }

    private bool MayGoOn() => !_isStopping && IsInTime();

    private bool IsInTime() => clock.GetElapsedTime(Interlocked.Read(ref _heldSince)) < options.Lease;

    /// <returns>Whether the lane is given up, or lost.</returns>
    private async Task<bool> SendAsync(ClaimedMessage message, bool isLast, CancellationToken cancellationToken)
    {
        // The first one was asked for by its type; those behind it may be another's to send.
        if (options.Find(message.TypeName) is null || !MessageCatalog.TryGet(message.TypeName, out var _))
        {
            _isStopping = true;
            return false;
        }

        Exception? failure;
        try
        {
            failure = await sending.RunAsync(lane, message, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _isStopping = true;
            return false;
        }

        if (failure is not null)
        {
            await FailAsync(message, failure, cancellationToken).ConfigureAwait(false);
            return true;
        }

        var ends = isLast || _isStopping;
        var settlement = new Settlement(lane.Lane, lane.Token) { Sent = message.Number, Ends = ends };
        var isHeld = await SettleAsync(settlement, cancellationToken).ConfigureAwait(false);
        if (isHeld)
        {
            new MessageTelemetry(store).Sent(message.TypeName);
            if (message.Attempts > 0)
                MessageLog.Recovered(store, message, lane);
        }

        return ends || !isHeld;
    }

    private async Task FailAsync(ClaimedMessage message, Exception failure, CancellationToken cancellationToken)
    {
        var attempts = message.Attempts + 1;
        var pause = RetryPause.After(options, attempts);
        var settlement = new Settlement(lane.Lane, lane.Token)
        {
            Ends = true,
            Failure = new SendFailure(message.Id, attempts, pause, ErrorText.Of(failure)),
        };
        if (!await SettleAsync(settlement, cancellationToken).ConfigureAwait(false))
            return;

        if (pause.IsAlarm)
            new MessageTelemetry(store).Alarm(message.TypeName);

        MessageLog.Failed(store, message, lane, attempts, pause, failure);
    }

    /// <summary>Writes it down, however long the database does not answer, unless this process is to end at once.</summary>
    /// <returns>Whether the lane was still held.</returns>
    private async Task<bool> SettleAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        var isUnknown = false;
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // It is tried once even so.
                var written = settling.SettleAsync(settlement, CancellationToken.None);
                if (cancellationToken.IsCancellationRequested)
                    written = written.WaitAsync(LongestPause, clock, CancellationToken.None);

                if (await written.ConfigureAwait(false))
                    return true;

                if (!isUnknown)
                    MessageLog.Fenced(store, lane);

                _isLost = true;
                return isUnknown;
            }
            catch (Exception failure)
            {
                if (cancellationToken.IsCancellationRequested)
                    return false;

                isUnknown = true;
                MessageLog.NotWritten(store, lane, failure);
                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
