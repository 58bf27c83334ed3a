using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>A worker of a node, carried step by step against rows in memory, with everything going wrong that can.</summary>
internal sealed class ModelRun(ModelHistory history, RangeKey range, Guid node, Worker worker)
{
    private readonly List<ModelEvent> _effects = [];

    public RangeKey Range => range;

    public Worker Worker => worker;

    public bool IsOver { get; private set; }

    private ModelRows Rows => history.Rows;

    public void Step()
    {
        var step = worker.Next(history.Now);
        history.Note(step);
        switch (step)
        {
            case WorkStep.Fetch fetch:
                if (Rows.Head > fetch.After)
                    worker.Take(PageOf(fetch.After, Rows.Head, static _ => true), history.Now);
                else if (worker.IsSuspect)
                    worker.FoundNothing();
                else
                    history.Pass(TimeSpan.FromSeconds(1));
                break;
            case WorkStep.FetchParked parked:
                worker.TakeParked(PageOf(parked.After, parked.UpTo, item => parked.Keys.Contains(item.Key)));
                break;
            case WorkStep.ReadWishes:
                worker.Take(Rows.Parked
                    .Where(parked => parked.Value.Wish is not null && range.Holds(parked.Key.Slice))
                    .Select(parked => new Wish(parked.Key, parked.Value.Position, parked.Value.Wish!.Value, parked.Value.Drops, "unwanted"))
                    .Chunk(history.Random.Next(1, 4)));
                break;
            case WorkStep.Handle handle:
                Handle(handle);
                break;
            case WorkStep.Commit commit:
                Commit(commit);
                break;
            case WorkStep.Raise:
                Raise();
                break;
            case WorkStep.Wait wait:
                history.PassTo(wait.Until);
                break;
            case WorkStep.Fault:
                if (Rows.Find(range) is { } row && row.Owner == node && row.Epoch == worker.Epoch)
                    Rows.Release(row, isFaulted: true);
                worker.End(RunEnd.Faulted);
                break;
            case WorkStep.Rest:
                history.Pass(TimeSpan.FromSeconds(1));
                break;
            default:
                IsOver = true;
                break;
        }
    }

    public void End() => IsOver = true;

    private WorkPage PageOf(long after, long upTo, Func<WorkItem, bool> concerns)
    {
        var to = Math.Min(upTo, after + history.Random.Next(1, 5));
        return new WorkPage(
            after,
            to,
            [
                .. Rows.Log.Where(one => one.Position > after && one.Position <= to && range.Holds(one.Key.Slice))
                    .Select(static one => new WorkItem(one, one.Key, Unusable: null))
                    .Where(concerns),
            ]);
    }

    private void Handle(WorkStep.Handle handle)
    {
        var before = _effects.Count;
        var failing = history.Fails(0.15) ? history.Random.Next(handle.Items.Count) : -1;
        var count = failing >= 0 ? failing : history.Fails(0.2) ? history.Random.Next(1, handle.Items.Count + 1) : handle.Items.Count;
        _effects.AddRange(handle.Items.Take(count).Select(static item => (ModelEvent)item.Event));
        if (failing < 0)
        {
            worker.Handled(count);
            return;
        }

        var isUndone = history.Random.Next(2) == 0;
        if (isUndone || failing == 0)
            _effects.RemoveRange(before, _effects.Count - before);

        var kind = history.Random.Next(4) switch
        {
            0 => FailureKind.Outage,
            1 => FailureKind.UnknownType,
            _ => FailureKind.HandlerFailed,
        };
        worker.Failed(failing, new WorkFailure(kind, null, "failed"), isUndone, history.Now);
        if (history.Fails(0.2))
            worker.Abandoned();
    }

    private void Commit(WorkStep.Commit step)
    {
        if (step.IsFlush && history.Fails(0.2))
        {
            worker.PutOff(history.Now);
            return;
        }

        var commit = new ModelCommit(range, node, worker.Epoch, step, [.. _effects]);
        if (history.Faults.HasFlag(ModelFaults.ParkedApart) && step.GivenUp is { How: FailedEvent.Park } given)
            Rows.Park(given.Item);

        if (history.Faults.HasFlag(ModelFaults.CheckpointBeforeWork) && history.Fails(0.1))
        {
            Rows.MoveOnly(commit);
            Lose();
            return;
        }

        if (!history.Fails(0.4))
        {
            Deliver(commit);
            return;
        }

        switch (history.Random.Next(5))
        {
            case 0:
                worker.NotCommitted(history.Now);
                break;
            case 1 when _effects.Count > 0 && step.GivenUp is null && step.Moves.All(static move => move.Dropped is null):
                _effects.Clear();
                worker.FailedTogether(step.Count, new WorkFailure(FailureKind.WorkRefused, null, "refused"), history.Now);
                break;
            case 2:
                Rows.Apply(commit);
                Lose();
                break;
            case 3:
                history.OnTheWay.Add(commit);
                Lose();
                break;
            default:
                Lose();
                break;
        }
    }

    private void Deliver(ModelCommit commit)
    {
        var isApplied = Rows.Apply(commit);
        _effects.Clear();
        if (isApplied)
            worker.Committed(history.Now);
        else if (commit.Step.Moves.Count > 0 && Rows.Find(range)?.Epoch == worker.Epoch)
            worker.Mistaken();
        else
            worker.End(RunEnd.Fenced);
    }

    private void Lose()
    {
        var hadWork = _effects.Count > 0;
        _effects.Clear();
        if (history.Faults.HasFlag(ModelFaults.UnknownIsTakenForFailed) && Rows.Find(range) is { } row)
            worker.Begin(Rows.ClaimOf(row) with { Epoch = worker.Epoch, Position = worker.Stored }, history.Now);
        else
            worker.Lost(new WorkFailure(FailureKind.WorkRefused, null, "lost"), hadWork, history.Now);
    }

    private void Raise()
    {
        _effects.Clear();
        if (Rows.Find(range) is not { } row || row.Owner != node || row.Epoch != worker.Epoch)
        {
            worker.End(RunEnd.Fenced);
            return;
        }

        var claim = Rows.Draw(row, node);
        if (!history.Fails(0.1))
            worker.Begin(claim, history.Now);
    }
}
