using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Carries a range of a pulled subscription: does what its worker wants, and lets consumers take and answer deliveries meanwhile.
/// </summary>
internal sealed partial class PullRun : IRangeRun
{
    /// <summary>How long the last write may take when the subscription is disposed.</summary>
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(2);

    private readonly Holding _holding;
    private readonly Workplace _place;
    private readonly PulledSubscription _consumers;
    private readonly PullRules _rules;
    private readonly PullWorker _worker;
    private readonly RangeReading _reading;
    private readonly LogWait _log;
    private readonly PullCheckpoint _checkpoint;
    private readonly SubscriptionTelemetry _telemetry;
    private readonly RangeOutage _outage;
    private readonly Lock _gate = new();
    private readonly Signal _changed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Claim _claim;
    private TimeSpan? _leaveAt;
    private long _replayedTo;
    private bool _isHurried;
    private bool _isOver;
    private Task _running = Task.CompletedTask;

    public PullRun(
        Declaration declaration,
        RangeKey range,
        Claim claim,
        Workplace place,
        PullRules rules,
        PulledSubscription consumers)
    {
        (_holding, _place, _consumers) = (new Holding(range, place.Node), place, consumers);
        _rules = rules;
        _telemetry = new SubscriptionTelemetry(place.Database.Telemetry, declaration.Name);
        _worker = new PullWorker(rules, Random.Shared.NextDouble);
        _reading = new RangeReading(declaration, new RangeScope(range, claim.Apart), place, readsAhead: false);
        _log = new LogWait(place.Settler, place.WaitClock);
        _checkpoint = new PullCheckpoint(place, _holding, _worker, _gate, rules.IsTransient);
        _outage = new RangeOutage(place.Outages, range);
        (_claim, _replayedTo) = (claim, claim.ReplayedTo);
        _worker.Begin(claim, Now);
    }

    public RangeKey Range => _holding.Range;

    public long Epoch => Ask(worker => worker.Epoch);

    public DateTimeOffset Server => _claim.Server;

    public long Position => Ask(worker => worker.Contiguous);

    /// <summary>Takes notice of which epoch the range has now.</summary>
    public void Saw(long? epoch) => _checkpoint.ActualEpoch = epoch;

    public bool IsIdle => Ask(static worker => worker.Out == 0 && !worker.HasReady);

    public RunEnd? Ended { get; private set; }

    public bool IsRunning => !_running.IsCompleted;

    /// <summary>How many deliveries are not answered.</summary>
    public int Out => Ask(worker => worker.Out);

    private TimeSpan Now => _place.Flush.Now;

    public void Start()
    {
        _consumers.Add(this);
        _running = OwnFlow.Run(() => RunAsync(_stopping.Token));
    }

    public void Abort(RunEnd why)
    {
        lock (_gate)
        {
            Ended ??= why;
            _worker.End(why);
        }

        _stopping.Cancel();
        _aborting.Cancel();
        _changed.Set();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Tell(() => (_leaveAt, _worker.IsEnding) = (_leaveAt ?? Now + _rules.Patience, true));
        await _stopping.CancelAsync().ConfigureAwait(false);
        _changed.Set();
        await using (cancellationToken.UnsafeRegister(static run => ((PullRun)run!).Hurry(), this).ConfigureAwait(false))
            await _running.ConfigureAwait(false);
    }

    public void Wish()
    {
        Tell(() => _worker.Wish());
        _changed.Set();
    }

    /// <summary>Consumers came, went, or have room again.</summary>
    public void Look() => _changed.Set();

    public async ValueTask DisposeAsync()
    {
        Abort(RunEnd.Fenced);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private void Hurry()
    {
        Volatile.Write(ref _isHurried, true);
        _aborting.CancelAfter(LastWrite);
        _changed.Set();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var isVerified = _rules.IsTransient;
        while (true)
        {
            try
            {
                _outage.Try();
                var changed = _changed.Next;
                if (Next() is not { } step)
                    break;

                if (isVerified || step is WorkStep.Wait)
                {
                    await DoAsync(step, changed, cancellationToken).ConfigureAwait(false);
                    if (step is PullCommit or WorkStep.Raise or WorkStep.ReadWishes or WorkStep.FetchParked
                        && !Ask(static worker => worker.IsInDoubt))
                        _outage.Answered();

                    continue;
                }

                await _place.VerifyAsync(_claim, cancellationToken).ConfigureAwait(false);
                isVerified = true;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                if (_aborting.IsCancellationRequested || !isVerified)
                    break;
            }
            catch (OrderingNotGuaranteedException) when (isVerified && !_rules.IsTransient)
            {
                // What the row says is in the log. What is known here beyond that is not.
                Tell(() => _worker.End(RunEnd.ServerChanged));
            }
            catch (OrderingNotGuaranteedException forked)
            {
                isVerified = true;
                Tell(() => _worker.Stop(item: null, new WorkFailure(FailureKind.LogForked, forked)));
            }
            catch (Exception failure)
            {
                _outage.Begin(failure);
                Tell(() =>
                {
                    _worker.NotCommitted();
                    _worker.Outage(Now);
                });
            }
        }

        _outage.End();
        Tell(() => _isOver = true);
        await _log.DisposeAsync().ConfigureAwait(false);
        if (Ended is not (RunEnd.Fenced or RunEnd.Faulted or RunEnd.ServerChanged))
        {
            using var limit = new CancellationTokenSource(LastWrite, TimeProvider.System);
            await _checkpoint.GiveUpAsync(limit.Token).ConfigureAwait(false);
        }

        _consumers.Remove(this);
        _place.Moved.Set();
    }

    /// <returns><see langword="null"/> if nothing is left to do.</returns>
    private WorkStep? Next()
    {
        var isWanted = _consumers.IsWanted;
        lock (_gate)
        {
            _worker.IsWanted = isWanted;
            var step = _worker.Next(Now);
            if (step is WorkStep.End end)
                Ended ??= end.Reason;

            if (Ended is not null || (_worker.IsEnding && MayLeave(step)))
            {
                // No answer comes between this and the end.
                _isOver = true;
                return null;
            }

            if (_worker.HasReady)
                _consumers.Wake();

            return step;
        }
    }

    // Whoever has taken events may still answer them, unless the subscription is disposed.
    private bool MayLeave(WorkStep step) => step is WorkStep.Wait or WorkStep.Rest && (_isHurried || Now >= _leaveAt || _worker.IsSettled);

    private Task DoAsync(WorkStep step, Task changed, CancellationToken cancellationToken) => step switch
    {
        WorkStep.Fetch fetch => FetchAsync(fetch, changed, cancellationToken),
        PullCommit commit => WriteAsync(commit, _aborting.Token),
        WorkStep.ReadWishes => ReadWishesAsync(cancellationToken),
        WorkStep.FetchParked parked => FetchParkedAsync(parked, cancellationToken),
        WorkStep.Raise => RaiseAsync(_aborting.Token),
        WorkStep.Wait wait => _log.Pause(changed, wait.Until - Now, _leaveAt - Now),
        WorkStep.Rest => _log.Pause(changed, null, _leaveAt - Now),
        WorkStep.Fault fault => FaultAsync(fault, _aborting.Token),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task FetchAsync(WorkStep.Fetch fetch, Task changed, CancellationToken cancellationToken)
    {
        if (Ask(static worker => worker.IsSuspect)
            && (await _place.Settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position <= fetch.After)
        {
            Tell(_worker.FoundNothing);
            return;
        }

        if (await _log.WaitBeyondAsync(fetch.After, changed, fetch.Until - Now, cancellationToken).ConfigureAwait(false) is not { } settled)
            return;

        var page = await _reading.FetchAsync(fetch.After, settled, cancellationToken).ConfigureAwait(false);
        Tell(() => _worker.Take(page.First(_rules.Window), Now));
        _outage.Answered();
    }

    private async Task WriteAsync(PullCommit commit, CancellationToken cancellationToken)
    {
        await _checkpoint.WriteAsync(commit, () => Now, cancellationToken).ConfigureAwait(false);
        _telemetry.Handled(Ask(static worker => worker.TakeHandled()));
    }

    private async Task ReadWishesAsync(CancellationToken cancellationToken)
    {
        var wishes = await _place.Parked.ReadWishesAsync(Range, cancellationToken).ConfigureAwait(false);
        Tell(() => _worker.Take(wishes, Now));
    }

    private async Task FetchParkedAsync(WorkStep.FetchParked parked, CancellationToken cancellationToken)
    {
        var page = await _reading.FetchParkedAsync(parked, cancellationToken).ConfigureAwait(false);
        Tell(() => _worker.TakeParked(parked.Keys.Single(), page));
    }

    private async Task RaiseAsync(CancellationToken cancellationToken)
    {
        _replayedTo = await _checkpoint.RaiseAsync(() => Now, cancellationToken).ConfigureAwait(false) ?? _replayedTo;
        _telemetry.Handled(Ask(static worker => worker.TakeHandled()));
        _consumers.MadeRoom();
    }

    private async Task FaultAsync(WorkStep.Fault fault, CancellationToken cancellationToken)
    {
        var failure = _place.Describe(fault.Item, fault.Failure, fault.Calls);
        if (_rules.IsTransient)
            _consumers.Fail(failure);

        await _checkpoint.FailAsync(failure, cancellationToken).ConfigureAwait(false);
        SubscriptionLog.Faulted(_place.Database.Telemetry, Range, failure);
        Tell(() => _worker.End(RunEnd.Faulted));
    }

    private void Tell(Action what)
    {
        lock (_gate)
            what();
    }

    private T Ask<T>(Func<PullWorker, T> what)
    {
        lock (_gate)
            return what(_worker);
    }
}
