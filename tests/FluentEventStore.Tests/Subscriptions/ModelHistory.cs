using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>
/// A random history of one subscription on three nodes: events are appended, handlers fail, commits are lost or come late, nodes die, are
/// paused and replaced, and operators do what operators do. At its end everything is well again, and everything must get done.
/// </summary>
internal sealed class ModelHistory(int seed, ModelFaults faults)
{
    private const int Nodes = 3;

    private readonly (Guid Id, bool IsAlive, List<ModelRun> Runs)[] _nodes =
        [.. Enumerable.Range(0, Nodes).Select(static _ => (Guid.NewGuid(), true, new List<ModelRun>()))];

    private readonly Queue<WorkStep> _notes = [];
    private bool _isFair;

    public Random Random { get; } = new(seed);

    public ModelFaults Faults => faults;

    public ModelRows Rows { get; } = new(faults, ranges: 1 + (seed % 3));

    public List<ModelCommit> OnTheWay { get; } = [];

    public TimeSpan Now { get; private set; }

    private RetryPolicy Policy => field ??= new RetryPolicy(
        Random.Next(3), (FailedEvent)Random.Next(3), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));

    public bool Fails(double chance) => !_isFair && Random.NextDouble() < chance;

    /// <summary>Keeps the last steps, to be shown if something is wrong.</summary>
    public void Note(WorkStep step)
    {
        _notes.Enqueue(step);
        if (_notes.Count > 30)
            _notes.Dequeue();
    }

    public void Pass(TimeSpan time) => Now += time;

    public void PassTo(TimeSpan time) => Now = time > Now ? time : Now;

    /// <exception cref="ModelException">The protocol is broken.</exception>
    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
            Act();

        _isFair = true;
        for (var step = 0; !IsAtRest(); step++)
        {
            if (step > 20_000)
                throw new ModelException($"it does not come to rest: {this}");

            BeFair();
        }

        if (!Rows.IsAllDone)
            throw new ModelException("not everything is done at the end");
    }

    public override string ToString() => string.Join("\n", _notes);

    private bool IsAtRest() => OnTheWay.Count == 0
        && Rows.Parked.Count == 0
        && Rows.Rows.All(row => row is { IsPaused: false, IsFaulted: false, StopAt: null } && row.Position == Rows.Head);

    private void Act()
    {
        var node = Random.Next(Nodes);
        switch (Random.Next(100))
        {
            case < 12:
                Rows.Append($"k{Random.Next(6)}");
                break;
            case < 30:
                Look(node);
                break;
            case < 84:
                Step(node);
                break;
            case < 88 when OnTheWay.Count > 0:
                Arrive();
                break;
            case < 90:
                _nodes[node] = (Guid.NewGuid(), true, []);
                break;
            case < 93:
                _nodes[node].IsAlive = !_nodes[node].IsAlive;
                break;
            default:
                Control();
                break;
        }
    }

    private void BeFair()
    {
        if (OnTheWay.Count > 0)
            Arrive();

        foreach (var row in Rows.Rows.ToList())
            (row.IsPaused, row.IsFaulted, row.Takeovers) = (false, false, 0);

        if (Rows.Rows.Exists(static row => row.StopAt is not null))
            TryMerge(isNew: false);

        foreach (var (key, parked) in Rows.Parked.ToList())
            Rows.Parked[key] = parked with { Wish = parked.Wish ?? long.MaxValue };

        for (var node = 0; node < Nodes; node++)
        {
            _nodes[node].IsAlive = true;
            Look(node);
            Step(node);
        }
    }

    private void Step(int node)
    {
        if (_nodes[node].Runs is { Count: > 0 } runs)
            runs[Random.Next(runs.Count)].Step();

        Pass(TimeSpan.FromMilliseconds(Random.Next(50)));
    }

    private void Arrive()
    {
        var commit = OnTheWay[Random.Next(OnTheWay.Count)];
        OnTheWay.Remove(commit);
        Rows.Apply(commit);
    }

    private void Look(int node)
    {
        var (id, isAlive, runs) = _nodes[node];
        runs.RemoveAll(run => run.IsOver || Rows.Find(run.Range) is not { } row || (row.Owner != id && row.Epoch > run.Worker.Epoch));
        foreach (var run in runs.Where(run => Rows.Parked.Any(parked => parked.Value.Wish is not null && run.Range.Holds(parked.Key))))
            run.Worker.Wish();

        foreach (var row in Rows.Rows.Where(row => isAlive && !row.IsPaused && !row.IsFaulted && !runs.Exists(run => run.Range == row.Key)))
        {
            if (row.Owner is { } owner && owner != id && Array.Exists(_nodes, other => other.Id == owner && other.IsAlive))
                continue;

            var worker = new Worker(Policy, maxParkedKeys: 4, Random.NextDouble);
            worker.Begin(Rows.Draw(row, id), Now);
            if (!Fails(0.1))
                runs.Add(new ModelRun(this, row.Key, id, worker));
        }
    }

    private void Control()
    {
        var row = Rows.Rows[Random.Next(Rows.Rows.Count)];
        switch (Random.Next(9))
        {
            case 0:
                row.IsPaused = true;
                break;
            case 1 or 2:
                (row.IsPaused, row.IsFaulted, row.Takeovers) = (false, false, 0);
                break;
            case 3 when Random.Next(3) == 0:
                Rows.Rewind(Random.NextInt64(Rows.Head + 1));
                break;
            case 4 when row.Key.Last > row.Key.First:
                Rows.Split(row);
                break;
            case 5:
                TryMerge(isNew: true);
                break;
            case 6 when Random.Next(6) == 0:
                Rows.Renew(1 + (seed % 3));
                break;
            default:
                foreach (var (key, parked) in Rows.Parked.ToList())
                    Rows.Parked[key] = parked with
                    {
                        Wish = Random.Next(2) == 0 ? long.MaxValue : Random.Next(1, 3),
                        Drops = Random.Next(4) / 3,
                    };
                break;
        }
    }

    private void TryMerge(bool isNew)
    {
        var rows = Rows.Rows.OrderBy(static row => row.Key.First).ToList();
        for (var index = 0; index + 1 < rows.Count; index++)
        {
            if (isNew || (rows[index].StopAt is not null && rows[index].StopAt == rows[index + 1].StopAt))
            {
                Rows.Merge(rows[index], rows[index + 1]);
                return;
            }
        }

        // One whose neighbour was split or merged meanwhile goes on alone.
        foreach (var row in rows.Where(row => !isNew && row.StopAt is not null))
        {
            row.StopAt = null;
            Rows.Release(row);
        }
    }
}
