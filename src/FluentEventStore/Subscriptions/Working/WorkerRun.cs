using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Subscriptions;

/// <summary>Carries a range: does what its worker wants, and tells it what became of that.</summary>
internal sealed class WorkerRun : IRangeRun
{
    /// <summary>From how many events of a page on the next one is read while they are handled.</summary>
    private const int FewEvents = 100;

    private readonly Declaration _declaration;
    private readonly Holding _holding;
    private readonly Workplace _place;
    private readonly Worker _worker;
    private readonly Handling _handling;
    private readonly PageCommit _commit;
    private readonly SubscriptionTelemetry _telemetry;
    private readonly PageSpan _span;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly long _began;
    private readonly (long Position, Guid Id)? _lastEvent;
    private long _replayedTo;
    private long _settled;
    private (long After, Task<FeedPage> Page)? _ahead;
    private Task _running = Task.CompletedTask;

    public WorkerRun(Declaration declaration, RangeKey range, Claim claim, Workplace place)
    {
        (_declaration, _holding, _place) = (declaration, new Holding(range, place.Node), place);
        _worker = new Worker(declaration.Retries, place.MaxParkedKeys, Random.Shared.NextDouble);
        _telemetry = new SubscriptionTelemetry(place.Database.Telemetry, declaration.Name);
        _span = new PageSpan(_telemetry);
        _handling = new Handling(declaration, place, _telemetry);
        _commit = new PageCommit(place, _holding, _worker, _handling, FailureOf);
        _began = place.WaitClock.GetTimestamp();
        _lastEvent = claim.LastEvent;
        Begin(claim);
    }

    public RangeKey Range => _holding.Range;

    public long Epoch => Volatile.Read(ref _epoch);

    private long _epoch;
    private readonly Signal _wished = new();
    private bool _isWished;

    public RunEnd? Ended { get; private set; }

    public bool IsRunning => !_running.IsCompleted;

    private TimeSpan Now => _place.WaitClock.GetElapsedTime(_began);

    private bool IsEnding => _stopping.IsCancellationRequested;

    public void Start() => _running = OwnFlow.Run(RunAsync);

    public void Abort(RunEnd why)
    {
        Ended ??= why;
        _stopping.Cancel();
        _aborting.Cancel();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await using (cancellationToken.UnsafeRegister(static run => ((WorkerRun)run!)._aborting.Cancel(), this).ConfigureAwait(false))
            await _running.ConfigureAwait(false);
    }

    public void Wish()
    {
        Volatile.Write(ref _isWished, true);
        _wished.Set();
    }

    public async ValueTask DisposeAsync()
    {
        Abort(RunEnd.Fenced);
        await _running.ConfigureAwait(false);
        await _handling.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task RunAsync()
    {
        // The log must still hold the event that was handled last.
        var isVerified = _lastEvent is null;
        while (Ended is null)
        {
            try
            {
                if (!isVerified)
                    isVerified = await VerifyAsync(_lastEvent!.Value).ConfigureAwait(false);

                if (Interlocked.Exchange(ref _isWished, false))
                    _worker.Wish();

                var step = _worker.Next(Now);
                if (IsEnding && step is not (WorkStep.Commit or WorkStep.Raise or WorkStep.Fault or WorkStep.End))
                    break;

                await DoAsync(step).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (IsEnding)
            {
                if (_aborting.IsCancellationRequested)
                    break;
            }
            catch (OrderingNotGuaranteedException forked)
            {
                _worker.Stop(item: null, new WorkFailure(FailureKind.LogForked, forked));
                isVerified = true;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                SubscriptionLog.Outage(_place.Database.Telemetry, _holding.Range, failure);
                _worker.Outage(Now);
            }
        }

        _span.End();
        await GiveUpAsync().ConfigureAwait(false);
        _place.Moved.Set();
    }

    private Task DoAsync(WorkStep step) => step switch
    {
        WorkStep.Fetch fetch => FetchAsync(fetch),
        WorkStep.Handle handle => HandleAsync(handle),
        WorkStep.Commit commit => CommitAsync(commit),
        WorkStep.ReadWishes => ReadWishesAsync(),
        WorkStep.FetchParked parked => FetchParkedAsync(parked),
        WorkStep.Raise => RaiseAsync(),
        WorkStep.Wait wait => PauseAsync(wait.Until - Now),
        WorkStep.Rest => PauseAsync(Timeout.InfiniteTimeSpan),
        WorkStep.Fault fault => FaultAsync(fault),
        WorkStep.End end => EndAsync(end.Reason),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task<bool> VerifyAsync((long Position, Guid Id) lastEvent)
    {
        await _place.Bookmarks.VerifyAsync(lastEvent.Position, lastEvent.Id, _stopping.Token).ConfigureAwait(false);
        return true;
    }

    private async Task FetchAsync(WorkStep.Fetch fetch)
    {
        if (_settled <= fetch.After && !await WaitBeyondAsync(fetch).ConfigureAwait(false))
            return;

        var ahead = _ahead is { } begun && begun.After == fetch.After ? begun.Page : null;
        _ahead = null;
        var page = await (ahead ?? FetchPageAsync(fetch.After, _settled)).ConfigureAwait(false);
        if (page.Events.Count >= FewEvents && page.ReadTo < _settled)
            _ahead = (page.ReadTo, ReadAhead(page.ReadTo));

        _worker.Take(PageSorting.Sort(page, _declaration, _holding.Range));
    }

    /// <summary>Waits until there is something to read, or something else to do.</summary>
    private async Task<bool> WaitBeyondAsync(WorkStep.Fetch fetch)
    {
        var wished = _wished.Next;
        if (Volatile.Read(ref _isWished))
            return false;

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var settled = _place.Settler.WaitBeyondAsync(fetch.After, waiting.Token);
        var pause = fetch.Until is { } until ? Max(until - Now, TimeSpan.Zero) : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(settled, wished, Task.Delay(pause, _place.WaitClock, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        await ((Task)settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (settled.IsCanceled)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            return false;
        }

        _settled = await settled.ConfigureAwait(false);
        return true;
    }

    private async Task ReadWishesAsync()
    {
        var wishes = await _place.Parked.ReadWishesAsync(_holding.Range, _stopping.Token).ConfigureAwait(false);

        // The events of a stream are found by an index; other keys are found by reading the log, once for all of them.
        _worker.Take(IsByStream ? wishes.Select(static wish => (IReadOnlyList<Wish>)[wish]) : wishes is [] ? [] : [wishes]);
    }

    private async Task FetchParkedAsync(WorkStep.FetchParked parked)
    {
        var page = IsByStream
            ? await FetchStreamAsync(parked.Keys.Single(), parked).ConfigureAwait(false)
            : await FetchPageAsync(parked.After, parked.UpTo).ConfigureAwait(false);
        _worker.TakeParked(PageSorting.Sort(page, _declaration, _holding.Range));
    }

    private bool IsByStream => _declaration.Stream is null && _declaration.Partition == Partition.ByStream && _declaration.Query.CanJudge;

    private Task<FeedPage> FetchPageAsync(long after, long upTo) => _declaration.Stream is { } stream
        ? _place.Streams.FetchAsync(stream.TenantId, stream.StreamId, after, upTo, _stopping.Token)
        : _place.Feed.FetchAsync(_declaration.Query, after, upTo, _stopping.Token);

    // While the handler works, the database does. Whether anybody needs the page is not known yet.
    private Task<FeedPage> ReadAhead(long after)
    {
        var page = FetchPageAsync(after, _settled);
        _ = page.ContinueWith(
            static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return page;
    }

    private async Task<FeedPage> FetchStreamAsync(EventKey key, WorkStep.FetchParked parked)
    {
        var filter = new EventFilter().OfStream(key.Key).OfTenants(TenantId.Stored(key.Tenant));
        var query = new LogQuery(filter, reader: null, StreamStates.Deleted);
        var page = await _place.Feed.FetchAsync(query, parked.After, parked.UpTo, _stopping.Token).ConfigureAwait(false);
        return page with { Events = [.. page.Events.Where(_declaration.Query.Passes)] };
    }

    private async Task CommitAsync(WorkStep.Commit commit)
    {
        _span.Resume();
        await _commit.RunAsync(commit, () => Now, _aborting.Token).ConfigureAwait(false);
        _span.End();
    }

    private async Task HandleAsync(WorkStep.Handle handle)
    {
        _span.Begin(handle.Items.Count);
        if (handle.Attempt > 1)
            _telemetry.Retry();

        var (handled, failure, isUndone, isAbandoned) = await _handling.RunAsync(handle, Describe, () => IsEnding, _aborting.Token).ConfigureAwait(false);
        if (_aborting.IsCancellationRequested)
            return;

        if (failure is null)
        {
            _worker.Handled(handled);
            return;
        }

        _span.Fail(failure);
        if (_declaration.Handling.TakesPages && !failure.IsOutage && handle.Items[0].Unusable is null)
            _worker.FailedTogether(handle.Items.Count, failure, Now);
        else
            _worker.Failed(handled, failure, isUndone, Now);

        if (isAbandoned)
            _worker.Abandoned();

        if (_worker.Failing is { } failing && !failure.IsOutage)
            await NoteAsync(RowState.Waiting, handle.Items.FirstOrDefault(item => item.Position == failing.Position), failure, failing.Calls)
                .ConfigureAwait(false);

        SubscriptionContext Describe(
            WorkItem item, Func<IDocumentSession> session, Func<IServiceProvider?> services, CancellationToken token) =>
            new(_declaration.Name, session, token, services)
        {
            Attempt = item == handle.Items[0] ? handle.Attempt : 1,
            IsReplay = item.Position <= _replayedTo,
            FencingToken = _worker.Epoch,
        };
    }

    private async Task RaiseAsync()
    {
        if (await _place.Rows.RaiseAsync(_holding.Range, _worker.Epoch, _aborting.Token).ConfigureAwait(false) is { } claim)
            Begin(claim);
        else
            _worker.End(RunEnd.Fenced);
    }

    private async Task FaultAsync(WorkStep.Fault fault)
    {
        await NoteAsync(RowState.Faulted, fault.Item, fault.Failure, fault.Calls).ConfigureAwait(false);
        _worker.End(RunEnd.Faulted);
        SubscriptionLog.Faulted(_place.Database.Telemetry, _holding.Range, FailureOf(fault.Item, fault.Failure, fault.Calls));
    }

    private Task EndAsync(RunEnd reason)
    {
        Ended ??= reason;
        return Task.CompletedTask;
    }

    private async Task PauseAsync(TimeSpan pause) => await Task.Delay(pause, _place.WaitClock, _stopping.Token).ConfigureAwait(false);

    private async Task NoteAsync(RowState state, WorkItem? item, WorkFailure failure, int calls)
    {
        var text = FailureJson.Write(FailureOf(item, failure, calls));
        if (!await _place.Rows.FailAsync(_holding.Range, _worker.Epoch, state, text, _aborting.Token).ConfigureAwait(false))
            _worker.End(RunEnd.Fenced);

        _place.Moved.Set();
    }

    // Whoever fenced this range has it already.
    private async Task GiveUpAsync()
    {
        if (Ended is RunEnd.Fenced or RunEnd.Faulted)
            return;

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
            await _place.Rows.GiveUpAsync(_holding.Range, _worker.Epoch, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The lease of the node runs out instead.
        }
    }

    private void Begin(Claim claim)
    {
        _worker.Begin(claim, Now);
        Volatile.Write(ref _epoch, claim.Epoch);
        _replayedTo = claim.ReplayedTo;
    }

    private SubscriptionFailure FailureOf(WorkItem? item, WorkFailure failure, int calls) => new(failure.Kind, failure.Message)
    {
        ExceptionType = failure.Exception?.GetType().FullName,
        Position = item?.Position,
        EventId = item?.Event.Id,
        EventType = item?.Event.TypeName,
        StreamId = item?.Event.StreamId.Value,
        TenantId = item?.Event.TenantId.Value,
        Attempts = calls,
        Node = _place.NodeName,
        At = _place.TimeProvider.GetUtcNow().ToUniversalTime(),
    };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
