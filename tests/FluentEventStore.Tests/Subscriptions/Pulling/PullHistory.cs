using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

/// <summary>
/// A random history of one pulled subscription on three nodes: consumers take and answer in any order, commits are lost or come late, nodes
/// die and are replaced, and operators do what operators do. At its end everything is well again, and everything must get done.
/// </summary>
/// <param name="seed">Where it comes from.</param>
/// <param name="faults">What is planted.</param>
/// <param name="isCalm">Whether nothing breaks and nobody moves anything: then each event is handled once.</param>
internal sealed class PullHistory(int seed, PullFaults faults, bool isCalm = false)
{
    private const int Nodes = 3;

    private readonly (Guid Id, bool IsAlive, List<PullModelRun> Runs)[] _nodes =
        [.. Enumerable.Range(0, Nodes).Select(static _ => (Guid.NewGuid(), true, new List<PullModelRun>()))];

    private readonly Queue<string> _notes = [];

    public Random Random { get; } = new(seed);

    public PullFaults Faults => faults;

    public bool IsFair { get; private set; }

    public PullRows Rows { get; } = new(faults, ranges: 1 + (seed % 3));

    /// <summary>Whether what cannot be read is skipped.</summary>
    public bool Skips => Rules.Unreadable == FailedEvent.Skip;

    public List<PullModelCommit> OnTheWay { get; } = [];

    public TimeSpan Now { get; private set; }

    private PullRules Rules => field ??= new PullRules(
        BufferSize: Random.Next(1, 6), CheckpointAfterCount: Random.Next(1, 4), TimeSpan.FromSeconds(1), MaxParkedKeys: isCalm ? 100 : 4)
    {
        Window = Random.Next(3, 8),
        Unreadable = (FailedEvent)Random.Next(isCalm ? 1 : 0, 3),
    };

    public bool IsCalm => isCalm;

    public bool Fails(double chance) => !IsFair && !isCalm && Random.NextDouble() < chance;

    public void Note(object step)
    {
        _notes.Enqueue($"{step} {string.Join(",", Rows.Parked)}");
        if (_notes.Count > 40)
            _notes.Dequeue();
    }

    public void Pass(TimeSpan time) => Now += time;

    public void PassTo(TimeSpan time) => Now = time > Now ? time : Now;

    /// <exception cref="ModelException">The protocol is broken.</exception>
    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
            Act();

        IsFair = true;
        for (var step = 0; !IsAtRest(); step++)
        {
            if (step > 20_000)
                throw new ModelException($"it does not come to rest: {this}");

            BeFair();
        }

        if (!Rows.IsAllDone)
            throw new ModelException($"not everything is done at the end: {this}");
    }

    public override string ToString() =>
        FormattableString.Invariant($"{string.Join("\n", _notes)}\n{Rows.Head} events; {Rows}; {Rows.Parked.Count} parked");

    private bool IsAtRest() => OnTheWay.Count == 0
        && Rows.Parked.Count == 0
        && Rows.Rows.All(row => row is { IsPaused: false, IsFaulted: false } && row.Position == Rows.Head && !(row.StopAt <= Rows.Head));

    private void Act()
    {
        var node = isCalm ? 0 : Random.Next(Nodes);
        switch (Random.Next(isCalm ? 84 : 100))
        {
            case < 2 when isCalm:
                Wish();
                break;
            case < 12:
                Rows.Append($"k{Random.Next(6)}", isBroken: Random.Next(15) == 0);
                break;
            case < 25:
                Look(node);
                break;
            case < 84:
                Step(node);
                break;
            case < 88 when OnTheWay.Count > 0:
                Arrive();
                break;
            case < 91:
                _nodes[node] = (Guid.NewGuid(), true, []);
                break;
            case < 94:
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

        foreach (var row in Rows.Rows)
            (row.IsPaused, row.IsFaulted, row.Takeovers) = (false, false, 0);

        foreach (var row in Rows.Rows)
            EndMark(row);

        foreach (var (key, parked) in Rows.Parked.ToList())
            Rows.Parked[key] = parked with { Wish = parked.Wish ?? long.MaxValue };

        for (var node = 0; node < (isCalm ? 1 : Nodes); node++)
        {
            _nodes[node].IsAlive = true;
            Look(node);
            Step(node);
        }
    }

    private void Step(int node)
    {
        if (_nodes[node].Runs is not { Count: > 0 } runs)
            return;

        var run = runs[Random.Next(runs.Count)];
        switch (Random.Next(4))
        {
            case 0:
                run.Take();
                break;
            case 1:
                run.Answer();
                break;
            default:
                run.Step();
                break;
        }

        Pass(TimeSpan.FromMilliseconds(Random.Next(100)));
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
        foreach (var run in runs.Where(run => Rows.WishesOf(run.Range).Any()))
            run.Worker.Wish();

        foreach (var row in Rows.Rows.Where(row => isAlive && !row.IsPaused && !row.IsFaulted && !runs.Exists(run => run.Range == row.Key)))
        {
            if (row.Owner is { } owner && owner != id && Array.Exists(_nodes, other => other.Id == owner && other.IsAlive))
                continue;

            var worker = new PullWorker(Rules, Random.NextDouble);
            worker.Begin(Rows.Draw(row, id), Now);
            if (!Fails(0.1))
                runs.Add(new PullModelRun(this, row.Key, id, worker));
        }
    }

    // As if it was merged with a neighbour there.
    private void EndMark(ModelRow row)
    {
        if (row.StopAt != row.Position)
            return;

        row.StopAt = null;
        Rows.Release(row);
    }

    private void Control()
    {
        var row = Rows.Rows[Random.Next(Rows.Rows.Count)];
        switch (Random.Next(8))
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
            case 4 when row.StopAt is null:
                row.StopAt = row.Position + Random.Next(4);
                break;
            case 4 or 5:
                EndMark(row);
                break;
            default:
                Wish();
                break;
        }
    }

    private void Wish()
    {
        foreach (var (key, parked) in Rows.Parked.ToList())
            Rows.Parked[key] = parked with { Wish = Random.Next(2) == 0 ? long.MaxValue : Random.Next(1, 3), Drops = Random.Next(4) / 3 };
    }
}
