using System.Text.Json;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>Carries a range: does what its worker wants, and tells it what became of that.</summary>
internal sealed class WorkerRun : IAsyncDisposable
{
    private readonly Declaration _declaration;
    private readonly Holding _holding;
    private readonly Workplace _place;
    private readonly Worker _worker;
    private readonly Handling _handling;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly long _began;
    private long _replayedTo;
    private long _settled;
    private Task _running = Task.CompletedTask;

    public WorkerRun(Declaration declaration, RangeKey range, Claim claim, Workplace place)
    {
        (_declaration, _holding, _place) = (declaration, new Holding(range, place.Node), place);
        _worker = new Worker(declaration.Retries, place.MaxParkedKeys, Random.Shared.NextDouble);
        _handling = new Handling(declaration, place);
        _began = place.WaitClock.GetTimestamp();
        Begin(claim);
    }

    public RangeKey Range => _holding.Range;

    /// <summary>The epoch that the range is carried with.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    private long _epoch;

    /// <summary>Why the worker ended by itself; <see langword="null"/> if it has not.</summary>
    public WorkEnd? Ended { get; private set; }

    public bool IsRunning => !_running.IsCompleted;

    private TimeSpan Now => _place.WaitClock.GetElapsedTime(_began);

    private bool IsEnding => _stopping.IsCancellationRequested;

    /// <summary>Begins, apart from the flow of the caller.</summary>
    /// <param name="lastEvent">The event that was handled last, which the log must still hold.</param>
    public void Start((long Position, Guid Id)? lastEvent) => _running = OwnFlow.Run(() => RunAsync(lastEvent));

    /// <summary>The range is another's now: whatever is under way ends, and nothing of it is written.</summary>
    public void Abort(WorkEnd why)
    {
        Ended ??= why;
        _stopping.Cancel();
        _aborting.Cancel();
    }

    /// <summary>Ends after the event at hand, writes what was handled, and gives the range up.</summary>
    /// <param name="cancellationToken">Ends the event at hand too.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await using (cancellationToken.UnsafeRegister(static run => ((WorkerRun)run!)._aborting.Cancel(), this).ConfigureAwait(false))
            await _running.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Abort(WorkEnd.Fenced);
        await _running.ConfigureAwait(false);
        await _handling.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task RunAsync((long Position, Guid Id)? lastEvent)
    {
        var isVerified = lastEvent is null;
        while (Ended is null)
        {
            try
            {
                if (!isVerified)
                    isVerified = await VerifyAsync(lastEvent!.Value).ConfigureAwait(false);

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

        await GiveUpAsync().ConfigureAwait(false);
        _place.Moved.Set();
    }

    private Task DoAsync(WorkStep step) => step switch
    {
        WorkStep.Fetch fetch => FetchAsync(fetch),
        WorkStep.Handle handle => HandleAsync(handle),
        WorkStep.Commit commit => CommitAsync(commit),
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
        if (_settled <= fetch.After)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var settled = _place.Settler.WaitBeyondAsync(fetch.After, waiting.Token);
            if (fetch.Until is { } until && !settled.IsCompleted)
            {
                var pause = Task.Delay(Max(until - Now, TimeSpan.Zero), _place.WaitClock, waiting.Token);
                if (await Task.WhenAny(settled, pause).ConfigureAwait(false) == pause)
                {
                    await waiting.CancelAsync().ConfigureAwait(false);
                    await ((Task)settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    if (!settled.IsCompletedSuccessfully)
                        return;
                }
            }

            _settled = await settled.ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
        }

        var page = await _place.Feed.FetchAsync(_declaration.Query, fetch.After, _settled, _stopping.Token).ConfigureAwait(false);
        _worker.Take(PageSorting.Sort(page, _declaration, _holding.Range));
    }

    private async Task HandleAsync(WorkStep.Handle handle)
    {
        var (handled, failure, isUndone, isAbandoned) = await _handling.RunAsync(handle, Describe, () => IsEnding, _aborting.Token).ConfigureAwait(false);
        if (_aborting.IsCancellationRequested)
            return;

        if (failure is null)
        {
            _worker.Handled(handled);
            return;
        }

        if (_declaration.Handling.TakesPages && !failure.IsOutage && handle.Items[0].Unusable is null)
            _worker.FailedTogether(handle.Items.Count, failure, Now);
        else
            _worker.Failed(handled, failure, isUndone, Now);

        if (isAbandoned)
            _worker.Abandoned();

        if (_worker.Failing is { } failing && !failure.IsOutage)
            await NoteAsync(RowState.Waiting, handle.Items.FirstOrDefault(item => item.Position == failing.Position), failure, failing.Calls)
                .ConfigureAwait(false);

        SubscriptionContext Describe(WorkItem item, Func<IDocumentSession> session, CancellationToken token) =>
            new(_declaration.Name, session, token)
        {
            Attempt = item == handle.Items[0] ? handle.Attempt : 1,
            IsReplay = item.Position <= _replayedTo,
            FencingToken = _worker.Epoch,
        };
    }

    private async Task CommitAsync(WorkStep.Commit commit)
    {
        var condition = new PageCondition(
            _place.Schema,
            _holding,
            _worker.Epoch,
            commit,
            commit.GivenUp is { } given ? () => FailureOf(given.Item, given.Failure, given.Calls) : null);
        await _place.Writers.WaitAsync(_aborting.Token).ConfigureAwait(false);
        try
        {
            await WriteAsync(condition).ConfigureAwait(false);
            await _handling.UndoAsync().ConfigureAwait(false);
            _worker.Committed(Now);
            _place.Moved.Set();
        }
        catch (PostgresException refused) when (refused.SqlState == SqlStates.Fenced)
        {
            Refuse(refused);
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            await _handling.UndoAsync().ConfigureAwait(false);
            SubscriptionLog.OutcomeUnknown(_place.Database.Telemetry, _holding.Range, _worker.Epoch, unknown);
            _worker.Lost();
        }
        catch (UnitWrittenBeforeException) when (commit.Count == 1)
        {
            // What the handler did is in the store, by an earlier attempt of somebody: only the checkpoint is left to move.
            await _handling.UndoAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (_handling.Touched is not null && !IsOfOthers(failure))
        {
            await _handling.UndoAsync().ConfigureAwait(false);
            _worker.FailedTogether(commit.Count, new WorkFailure(FailureKind.WorkRefused, failure), Now);
        }
        finally
        {
            _place.Writers.Release();
        }
    }

    private static bool IsOfOthers(Exception failure) => Failures.IsOfDatabase(failure) || failure is OperationCanceledException;

    private async Task WriteAsync(PageCondition condition)
    {
        if (_handling.Touched is { } session)
        {
            await session.SaveAsync(condition, _aborting.Token).ConfigureAwait(false);
            return;
        }

        using var batch = new NpgsqlBatch();
        condition.AddTo(batch);
        await _place.Database.WriteAsync(batch, static _ => true, _aborting.Token).ConfigureAwait(false);
    }

    private void Refuse(PostgresException refused)
    {
        using var row = JsonDocument.Parse(refused.Hint ?? "{}");
        var isPaused = row.RootElement.TryGetProperty("paused", out var paused) && paused.GetBoolean();
        var epoch = row.RootElement.TryGetProperty("epoch", out var now) ? now.GetInt64() : (long?)null;
        if (isPaused && epoch == _worker.Epoch)
        {
            _worker.End(WorkEnd.Paused);
            return;
        }

        SubscriptionLog.Fenced(_place.Database.Telemetry, new FencedException(_holding.Range.ToString(), _worker.Epoch, epoch));
        _worker.End(WorkEnd.Fenced);
    }

    private async Task RaiseAsync()
    {
        if (await _place.Rows.RaiseAsync(_holding.Range, _worker.Epoch, _aborting.Token).ConfigureAwait(false) is { } claim)
            Begin(claim);
        else
            _worker.End(WorkEnd.Fenced);
    }

    private async Task FaultAsync(WorkStep.Fault fault)
    {
        await NoteAsync(RowState.Faulted, fault.Item, fault.Failure, fault.Calls).ConfigureAwait(false);
        _worker.End(WorkEnd.Faulted);
        SubscriptionLog.Faulted(_place.Database.Telemetry, _holding.Range, FailureOf(fault.Item, fault.Failure, fault.Calls));
    }

    private Task EndAsync(WorkEnd reason)
    {
        Ended ??= reason;
        return Task.CompletedTask;
    }

    private async Task PauseAsync(TimeSpan pause) => await Task.Delay(pause, _place.WaitClock, _stopping.Token).ConfigureAwait(false);

    private async Task NoteAsync(RowState state, WorkItem? item, WorkFailure failure, int calls)
    {
        var text = FailureJson.Write(FailureOf(item, failure, calls));
        if (!await _place.Rows.FailAsync(_holding.Range, _worker.Epoch, state, text, _aborting.Token).ConfigureAwait(false))
            _worker.End(WorkEnd.Fenced);

        _place.Moved.Set();
    }

    // Whoever fenced this range has it already.
    private async Task GiveUpAsync()
    {
        if (Ended is WorkEnd.Fenced or WorkEnd.Faulted)
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
