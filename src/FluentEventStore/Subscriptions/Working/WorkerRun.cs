using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>Carries a range: does what its worker wants, and tells it what became of that.</summary>
internal sealed partial class WorkerRun : IRangeRun
{
    private readonly Declaration _declaration;
    private readonly Holding _holding;
    private readonly Workplace _place;
    private readonly Worker _worker;
    private readonly Handling _handling;
    private readonly RangeReading _reading;
    private readonly PageCommit _commit;
    private readonly RangeNotes _notes;
    private readonly RangeOutage _outage;
    private readonly PageSpan _span;
    private readonly TenantShares? _shares;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Claim _claim;
    private readonly Signal _wished = new();
    private bool _isWished;
    private bool _isIdle;
    private long _epoch;
    private long _position;
    private long _settled;
    private Task _running = Task.CompletedTask;

    public WorkerRun(Declaration declaration, RangeKey range, Claim claim, Workplace place)
    {
        (_declaration, _holding, _place) = (declaration, new Holding(range, place.Node), place);
        _worker = new Worker(declaration.Retries, place.MaxParkedKeys, Random.Shared.NextDouble);
        var telemetry = new SubscriptionTelemetry(place.Database.Telemetry, declaration.Name);
        _span = new PageSpan(telemetry);
        _shares = declaration.IsShared && range.IsOfAll && claim.Apart.Count < TenantShares.MostApart ? new TenantShares() : null;
        _handling = new Handling(declaration, place, telemetry, _shares);
        _reading = new RangeReading(declaration, new RangeScope(range, claim.Apart), place);
        _notes = new RangeNotes(place, range, _worker);
        _outage = new RangeOutage(place.Outages, range);
        _commit = new PageCommit(place, _holding, _worker, _handling, _span, place.Describe);
        _claim = claim;
        Begin(claim);
    }

    public RangeKey Range => _holding.Range;

    public long Epoch => Volatile.Read(ref _epoch);

    public DateTimeOffset Server => _claim.Server;

    public long Position => Volatile.Read(ref _position);

    public bool IsIdle => Volatile.Read(ref _isIdle);

    public RunEnd? Ended { get; private set; }

    public bool IsRunning => !_running.IsCompleted;

    private TimeSpan Now => _place.Flush.Now;

    private bool IsEnding => _stopping.IsCancellationRequested;

    public void Start() => _running = OwnFlow.Run(() => RunAsync(_stopping.Token));

    public void Wish()
    {
        Volatile.Write(ref _isWished, true);
        _wished.Set();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var isVerified = false;
        while (Ended is null)
        {
            try
            {
                if (Interlocked.Exchange(ref _isWished, false))
                    _worker.Wish();

                _outage.Try();
                var step = _worker.Next(Now);
                Volatile.Write(ref _position, _worker.Position);
                if (!isVerified && step is not (WorkStep.Wait or WorkStep.End))
                {
                    await _place.VerifyAsync(_claim, cancellationToken).ConfigureAwait(false);
                    isVerified = true;
                    continue;
                }

                if (IsEnding && step is not (WorkStep.Commit or WorkStep.Raise or WorkStep.Fault or WorkStep.End))
                    break;

                if (await SharesAsync(step, cancellationToken).ConfigureAwait(false))
                    break;

                Volatile.Write(ref _isHandling, step is WorkStep.Handle);
                Volatile.Write(ref _isIdle, step is WorkStep.Rest || (step is WorkStep.Fetch fetch && _settled <= fetch.After));
                await DoAsync(step, cancellationToken).ConfigureAwait(false);
                if (step is WorkStep.Commit or WorkStep.Raise or WorkStep.ReadWishes or WorkStep.FetchParked && !_worker.IsInDoubt)
                    _outage.Answered();
            }
            catch (OperationCanceledException) when (IsEnding)
            {
                if (_aborting.IsCancellationRequested || !isVerified)
                    break;
            }
            catch (OrderingNotGuaranteedException) when (isVerified)
            {
                // What the row says is in the log. What is known here beyond that is not.
                Ended ??= RunEnd.ServerChanged;
            }
            catch (OrderingNotGuaranteedException forked)
            {
                _worker.Stop(item: null, new WorkFailure(FailureKind.LogForked, forked));
                isVerified = true;
            }
            catch (Exception) when (_isLeft)
            {
                break;
            }
            catch (Exception failure)
            {
                _outage.Begin(failure);
                _shares?.Rest();
                _worker.Outage(Now);
            }
        }

        Volatile.Write(ref _isHandling, false);
        _outage.End();
        _span.End();
        await GiveUp(Ended).ConfigureAwait(false);
        _place.Moved.Set();
    }

    // What is handled or written goes on until the run is aborted; everything else ends when it is stopped.
    private Task DoAsync(WorkStep step, CancellationToken cancellationToken) => step switch
    {
        WorkStep.Fetch fetch => FetchAsync(fetch, cancellationToken),
        WorkStep.Handle handle => HandleAsync(handle, _aborting.Token),
        WorkStep.Commit commit => CommitAsync(commit, _aborting.Token),
        WorkStep.ReadWishes => ReadWishesAsync(cancellationToken),
        WorkStep.FetchParked parked => FetchParkedAsync(parked, cancellationToken),
        WorkStep.Raise => RaiseAsync(_aborting.Token),
        WorkStep.Wait wait => Task.Delay(UntilShared(wait.Until), _place.WaitClock, cancellationToken),
        WorkStep.Rest => Task.Delay(Timeout.InfiniteTimeSpan, _place.WaitClock, cancellationToken),
        WorkStep.Fault fault => FaultAsync(fault, _aborting.Token),
        WorkStep.End end => End(end.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task FetchAsync(WorkStep.Fetch fetch, CancellationToken cancellationToken)
    {
        if (_worker.IsSuspect && (await _place.Settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position <= fetch.After)
        {
            _worker.FoundNothing();
            return;
        }

        if (_settled <= fetch.After && !await WaitBeyondAsync(fetch, cancellationToken).ConfigureAwait(false))
            return;

        _worker.Take(await _reading.FetchAsync(fetch.After, _settled, cancellationToken).ConfigureAwait(false), Now);
        _outage.Answered();
    }

    /// <summary>Waits until there is something to read, or something else to do.</summary>
    private async Task<bool> WaitBeyondAsync(WorkStep.Fetch fetch, CancellationToken cancellationToken)
    {
        var wished = _wished.Next;
        if (Volatile.Read(ref _isWished))
            return false;

        _shares?.Rest();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var settled = _place.Settler.WaitBeyondAsync(fetch.After, waiting.Token);
        var pause = fetch.Until is { } until ? Until(until) : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(settled, wished, Task.Delay(pause, _place.WaitClock, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        await ((Task)settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (settled.IsCanceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }

        _settled = await settled.ConfigureAwait(false);
        return true;
    }

    private async Task ReadWishesAsync(CancellationToken cancellationToken)
    {
        var wishes = await _place.Parked.ReadWishesAsync(_holding.Range, cancellationToken).ConfigureAwait(false);

        _worker.Take(_reading.FindsKeys ? wishes.Select(static wish => (IReadOnlyList<Wish>)[wish]) : wishes is [] ? [] : [wishes]);
    }

    private async Task FetchParkedAsync(WorkStep.FetchParked parked, CancellationToken cancellationToken) =>
        _worker.TakeParked(await _reading.FetchParkedAsync(parked, cancellationToken).ConfigureAwait(false));

    private async Task HandleAsync(WorkStep.Handle handle, CancellationToken cancellationToken)
    {
        _span.Begin(handle.Items, handle.Attempt);
        var (handled, failure, isUndone, isAbandoned) = await _handling
            .RunAsync(handle, Describe, () => IsEnding, cancellationToken)
            .ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            if (isAbandoned)
                SubscriptionLog.LeftBehind(_place.Database.Telemetry, _holding.Range);

            return;
        }

        if (failure is not { IsOutage: true })
            _outage.End();
        else if (failure.Exception is { } exception)
            _outage.Begin(exception, isOfHandler: true);

        if (failure is { IsOutage: true })
            _shares?.Rest();

        if (failure is null)
        {
            _worker.Handled(handled);
            return;
        }

        _span.Fail(failure);
        if (_declaration.Handling.TakesPages && !failure.IsOutage && handle.Items[0].Unusable is null)
            _worker.FailedTogether(_handling.LengthOfPage(handle.Items), failure, Now);
        else
            _worker.Failed(handled, failure, isUndone, Now);

        if (isAbandoned)
            _worker.Abandoned();

        if (failure.IsOutage)
        {
            await _notes.WriteOutageAsync(handle.Items[handled], failure, cancellationToken).ConfigureAwait(false);
        }
        else if (_worker.Failing is { } failing)
        {
            await _notes.WriteAsync(RowState.Waiting, failing.Item, failure, failing.Calls, cancellationToken).ConfigureAwait(false);
        }

        SubscriptionContext Describe(
            WorkItem item, Func<IDocumentSession> session, Func<IServiceProvider?> services, CancellationToken token) =>
            new(_declaration.Name, session, token, services)
        {
            Attempt = item == handle.Items[0] ? handle.Attempt : 1,
            IsReplay = _handling.IsReplay(item),
            FencingToken = _worker.Epoch,
        };
    }

    private async Task FaultAsync(WorkStep.Fault fault, CancellationToken cancellationToken)
    {
        await _notes.WriteAsync(RowState.Faulted, fault.Item, fault.Failure, fault.Calls, cancellationToken).ConfigureAwait(false);
        _worker.End(RunEnd.Faulted);
        SubscriptionLog.Faulted(_place.Database.Telemetry, _holding.Range, _place.Describe(fault.Item, fault.Failure, fault.Calls));
    }

    private Task End(RunEnd reason)
    {
        Ended ??= reason;
        return Task.CompletedTask;
    }

    private void Begin(Claim claim)
    {
        _worker.Begin(claim, Now);
        Volatile.Write(ref _epoch, claim.Epoch);
        _handling.ReplayedTo = claim.ReplayedTo;
    }

    private TimeSpan Until(TimeSpan time) => WholePause.Of(time - Now);
}
