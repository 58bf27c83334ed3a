using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

/// <summary>A pulled range of a node, carried step by step against rows in memory, with consumers that answer as they like.</summary>
internal sealed class PullModelRun(PullHistory history, RangeKey range, Guid node, PullWorker worker)
{
    private static readonly WorkFailure Broken = new(FailureKind.Unreadable, Exception: null, "not yet");

    private readonly List<PullEntry> _out = [];
    private long _highest;

    public RangeKey Range => range;

    public Guid Node => node;

    public PullWorker Worker => worker;

    public bool IsOver { get; private set; }

    private PullRows Rows => history.Rows;

    public void Step()
    {
        worker.IsWanted = history.IsFair || history.Random.Next(10) > 0;
        var step = worker.Next(history.Now);
        history.Note(step);
        switch (step)
        {
            case WorkStep.Fetch fetch when Rows.Head > fetch.After:
                Take(PageOf(fetch.After, Rows.Head, static _ => true));
                break;
            case WorkStep.Fetch when worker.IsSuspect:
                worker.FoundNothing();
                break;
            case WorkStep.FetchParked parked:
                worker.TakeParked(parked.Keys.Single(), PageOf(parked.After, parked.UpTo, item => parked.Keys.Contains(item.Key)));
                break;
            case WorkStep.ReadWishes:
                worker.Take(Rows.WishesOf(range).ToList(), history.Now);
                break;
            case PullCommit commit:
                Commit(commit);
                break;
            case WorkStep.Raise:
                Raise();
                break;
            case WorkStep.Wait wait:
                history.PassTo(wait.Until);
                break;
            case WorkStep.Fault:
                if (Rows.Find(range) is { } row && Rows.IsCarried(this))
                    Rows.Release(row, isFaulted: true);
                worker.End(RunEnd.Faulted);
                break;
            case WorkStep.End:
                IsOver = true;
                break;
            default:
                history.Pass(TimeSpan.FromSeconds(1));
                break;
        }
    }

    /// <summary>A consumer takes a delivery.</summary>
    public void Take()
    {
        _out.RemoveAll(static entry => entry.State != PullEntryState.Out);
        if (worker.TryTake(history.Now) is not { } entry)
            return;

        history.Note($"take {entry.Position}");
        if (_out.Exists(other => other.Key == entry.Key))
            throw new ModelException($"two events of {entry.Key.Key} are out");

        _out.Add(entry);
        if (_out.Count != worker.Out)
            throw new ModelException($"{_out.Count} are out, and the worker counts {worker.Out}");

        if (history.Faults.HasFlag(PullFaults.AnsweredWhenDelivered))
            worker.Answer(entry, new DeliveryAnswer(DeliveryAnswerKind.Ack, TimeSpan.Zero, Reason: null), history.Now);
    }

    /// <summary>A consumer answers a delivery.</summary>
    public void Answer()
    {
        if (_out.Count == 0)
            return;

        var entry = _out[history.Random.Next(_out.Count)];
        _out.Remove(entry);
        var answer = !history.IsFair && history.Random.NextDouble() < 0.3
            ? new DeliveryAnswer((DeliveryAnswerKind)history.Random.Next(4), TimeSpan.FromSeconds(history.Random.Next(60)), "unwanted")
            : new DeliveryAnswer(DeliveryAnswerKind.Ack, TimeSpan.Zero, Reason: null);
        var isCarried = Rows.IsCarried(this);
        var isDone = answer.Kind is DeliveryAnswerKind.Ack or DeliveryAnswerKind.Skip;

        // Whoever has lost the range may still handle what he has taken, but that counts for nothing.
        if (isCarried && isDone && entry.State is PullEntryState.Out or PullEntryState.Done)
            Rows.Do(entry.Position, entry.Key, mustBeFirst: history.IsCalm);

        var counts = worker.Answer(entry, answer, history.Now);
        history.Note($"{answer.Kind} {entry.Position} {counts}");
        if (worker.Answer(entry, answer, history.Now))
            throw new ModelException("a second answer counts");

        if (counts && isDone && entry.Lane is null)
            _highest = Math.Max(_highest, entry.Position);
    }

    private void Take(WorkPage page)
    {
        worker.Take(page, history.Now);
        foreach (var item in page.Items.Where(item => item.Unusable is not null && history.Skips && Rows.IsCarried(this)))
            Rows.Skip(item.Position);
    }

    private WorkPage PageOf(long after, long upTo, Func<WorkItem, bool> concerns)
    {
        var to = Math.Min(upTo, after + history.Random.Next(1, 5));
        return new WorkPage(
            after,
            to,
            [
                .. Rows.Log.Where(one => one.Position > after && one.Position <= to && range.Holds(one.Key.Slice))
                    .Select(one => new WorkItem(one, one.Key, one.IsBroken && !history.IsFair ? Broken : null))
                    .Where(concerns),
            ]);
    }

    private void Commit(PullCommit step)
    {
        if (step.IsFlush && history.Fails(0.2))
        {
            worker.PutOff(history.Now);
            return;
        }

        var commit = new PullModelCommit(range, node, worker.Epoch, step, _highest, history.Fails(0.3));
        switch (history.Fails(0.4) ? history.Random.Next(4) : 4)
        {
            case 0:
                worker.NotCommitted();
                worker.Outage(history.Now);
                break;
            case 1:
                Rows.Apply(commit);
                Lose();
                break;
            case 2:
                history.OnTheWay.Add(commit);
                Lose();
                break;
            case 3:
                Lose();
                break;
            default:
                Deliver(commit);
                break;
        }
    }

    private void Lose()
    {
        if (history.Faults.HasFlag(PullFaults.UnknownIsTakenForWritten))
            worker.Committed(history.Now);
        else
            worker.Lost(history.Now);
    }

    private void Deliver(PullModelCommit commit)
    {
        if (Rows.Apply(commit))
            worker.Committed(history.Now);
        else if (Rows.Find(range) is { } row && row.Epoch == worker.Epoch)
            Refuse(row.IsPaused);
        else
            worker.End(RunEnd.Fenced);
    }

    private void Refuse(bool isPaused)
    {
        if (isPaused)
            worker.End(RunEnd.Paused);
        else
            worker.Mistaken(isStale: false);
    }

    private void Raise()
    {
        if (!Rows.IsCarried(this))
        {
            worker.End(RunEnd.Fenced);
            return;
        }

        var claim = Rows.Draw(Rows.Find(range)!, node);
        if (!history.Fails(0.1))
            worker.Continue(claim, history.Now);
    }
}
