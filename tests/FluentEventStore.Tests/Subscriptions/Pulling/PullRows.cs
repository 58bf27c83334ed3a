using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

/// <summary>
/// The log, the rows of one pulled subscription and what its consumers did, in memory. Each change is checked: nothing is handled before an
/// earlier event of its key, and a checkpoint passes nothing that was neither done nor waits. Events may be handled again.
/// </summary>
internal sealed class PullRows
{
    private readonly PullFaults _faults;
    private readonly HashSet<long> _done = [];
    private readonly HashSet<long> _handled = [];
    private long _epochs;

    public PullRows(PullFaults faults, int ranges)
    {
        _faults = faults;
        Rows.AddRange(RangeKey.Split(ranges).Select(range => new ModelRow(new RangeKey("model", 1, range.First, range.Last))
        {
            Epoch = ++_epochs,
        }));
    }

    public List<ModelEvent> Log { get; } = [];

    public List<ModelRow> Rows { get; } = [];

    public Dictionary<EventKey, ModelParked> Parked { get; } = [];

    public long Head => Log.Count;

    public bool IsAllDone => Log.All(one => _done.Contains(one.Position));

    public void Append(string key, bool isBroken) => Log.Add(new ModelEvent(Head + 1, key, isBroken));

    public ModelRow? Find(RangeKey key) => Rows.Find(row => row.Key == key);

    public bool IsCarried(PullModelRun run) => Find(run.Range) is { } row && row.Owner == run.Node && row.Epoch == run.Worker.Epoch;

    public IEnumerable<Wish> WishesOf(RangeKey range) =>
        from parked in Parked
        where parked.Value.Wish is not null && range.Holds(parked.Key.Slice)
        select new Wish(parked.Key, parked.Value.Position, parked.Value.Wish!.Value, parked.Value.Drops, "unwanted");

    public override string ToString() =>
        string.Join("; ", Rows.Select(static row => FormattableString.Invariant($"{row.Key} at {row.Position}, epoch {row.Epoch}")));

    public Claim Draw(ModelRow row, Guid owner)
    {
        row.Takeovers += row.Owner is null || row.Owner == owner ? 0 : 1;
        (row.Owner, row.Epoch) = (owner, ++_epochs);
        return new Claim(
            row.Epoch,
            row.Position,
            row.StopAt,
            ReplayedTo: 0,
            LastEvent: null,
            row.Takeovers,
            Parked.Where(parked => row.Key.Holds(parked.Key.Slice) && !_faults.HasFlag(PullFaults.ParkedIsOvertaken))
                .ToDictionary(static parked => parked.Key, static parked => parked.Value.Position));
    }

    public void Release(ModelRow row, bool isFaulted = false) =>
        (row.Owner, row.Epoch, row.IsFaulted) = (null, ++_epochs, row.IsFaulted || isFaulted);

    /// <returns>Whether the commit counts.</returns>
    public bool Apply(PullModelCommit commit)
    {
        var (step, row) = (commit.Step, Find(commit.Range));
        if (row is null || row.Position != step.From || row.IsPaused || step.To > row.StopAt)
            return false;

        if (!_faults.HasFlag(PullFaults.EpochNotCompared) && (row.Owner != commit.Owner || row.Epoch != commit.Epoch))
            return false;

        if (step.Moves.Any(move => !Parked.TryGetValue(move.Key, out var parked) || parked.Position != move.Expected))
            return false;

        var to = _faults.HasFlag(PullFaults.CheckpointByHighestAnswer) ? Math.Max(step.To, commit.Highest) : step.To;
        (row.Position, row.Takeovers) = (to, 0);
        foreach (var move in step.Moves)
            Move(move);

        var losesParked = _faults.HasFlag(PullFaults.ParkedApart) && commit.LosesParked;
        foreach (var given in step.GivenUp.Where(given => given.How == FailedEvent.Park && !losesParked))
            Parked[given.Item.Key] = new ModelParked(given.Item.Position, given.Due is null ? null : long.MaxValue, Drops: 0);

        Check();
        return true;
    }

    /// <summary>An event was handled, or passed over.</summary>
    public void Do(long position, EventKey key, bool mustBeFirst)
    {
        if (!_handled.Add(position) && mustBeFirst)
            throw new ModelException($"event {position} is handled twice");

        _done.Add(position);
        if (Log.Find(other => other.Position < position && other.Key == key && !_done.Contains(other.Position)) is { } earlier)
            throw new ModelException($"event {position} is handled before event {earlier.Position} of its key");
    }

    /// <summary>An event that cannot be read was passed over.</summary>
    public void Skip(long position) => _done.Add(position);

    public void Rewind(long to)
    {
        foreach (var row in Rows)
        {
            (row.Position, row.IsFaulted) = (Math.Min(row.Position, to), false);
            if (!_faults.HasFlag(PullFaults.RewindKeepsEpoch))
                Release(row);
        }

        _done.RemoveWhere(position => position > to);
        foreach (var (key, _) in Parked.Where(parked => parked.Value.Position > to).ToList())
            Parked.Remove(key);
    }

    private void Move(ParkedMove move)
    {
        if (move.Dropped is { } dropped)
            _done.Add(dropped.Item.Position);

        if (move.Next == 0 || _faults.HasFlag(PullFaults.FreedTooEarly))
            Parked.Remove(move.Key);
        else
            Parked[move.Key] = new ModelParked(
                move.Next, move.Wish, move.Wish is null ? 0 : Math.Max(0, Parked[move.Key].Drops - (move.Dropped is null ? 0 : 1)));
    }

    private void Check()
    {
        foreach (var row in Rows)
        {
            var lost = Log.Find(one => one.Position <= row.Position && row.Key.Holds(one.Key.Slice) && !_done.Contains(one.Position)
                && !(Parked.TryGetValue(one.Key, out var parked) && one.Position >= parked.Position));
            if (lost is not null)
                throw new ModelException($"event {lost.Position} is lost: the checkpoint is at {row.Position}");
        }
    }
}
