using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>
/// The log, the rows of one subscription and what its handlers did, in memory: what a database would hold. Each change is checked: nothing
/// takes effect twice, nothing out of the order of its key, and a checkpoint passes nothing that was neither done nor waits.
/// </summary>
internal sealed class ModelRows
{
    private readonly ModelFaults _faults;
    private readonly HashSet<long> _done = [];
    private readonly HashSet<long> _dropped = [];
    private long _epochs;

    public ModelRows(ModelFaults faults, int ranges)
    {
        _faults = faults;
        Rows.AddRange(RangeKey.Split(ranges).Select(range => new ModelRow(new RangeKey("model", 1, range.First, range.Last))
        {
            Epoch = NextEpoch(),
        }));
    }

    public List<ModelEvent> Log { get; } = [];

    public List<ModelRow> Rows { get; } = [];

    public Dictionary<EventKey, ModelParked> Parked { get; } = [];

    public long Head => Log.Count;

    public bool IsAllDone => Log.All(one => _done.Contains(one.Position) || _dropped.Contains(one.Position));

    public void Append(string key) => Log.Add(new ModelEvent(Head + 1, key));

    public ModelRow? Find(RangeKey key) => Rows.Find(row => row.Key == key);

    public Claim Draw(ModelRow row, Guid owner)
    {
        row.Takeovers += row.Owner is null || row.Owner == owner ? 0 : 1;
        (row.Owner, row.Epoch) = (owner, NextEpoch());
        return ClaimOf(row);
    }

    public void Release(ModelRow row, bool isFaulted = false) =>
        (row.Owner, row.Epoch, row.IsFaulted) = (null, NextEpoch(), row.IsFaulted || isFaulted);

    /// <returns>Whether the commit counts.</returns>
    public bool Apply(ModelCommit commit)
    {
        var (step, row) = (commit.Step, Find(commit.Range));
        if (row is null || row.Position != step.From || row.IsPaused || (row.StopAt is { } stop && step.To > stop))
            return false;

        if (!_faults.HasFlag(ModelFaults.EpochNotCompared) && (row.Owner != commit.Owner || row.Epoch != commit.Epoch))
            return false;

        if (step.Moves.Any(move => !Parked.TryGetValue(move.Key, out var parked) || parked.Position != move.Expected))
            return false;

        foreach (var effect in commit.Effects)
            Do(effect);

        (row.Position, row.Takeovers) = (step.To, 0);
        if (step.GivenUp is { } given)
            GiveUp(given.Item, given.How);

        foreach (var move in step.Moves)
            Move(move);

        Check();
        return true;
    }

    public void Park(WorkItem item) => Parked[item.Key] = new ModelParked(item.Position, Wish: null, Drops: 0);

    public void MoveOnly(ModelCommit commit)
    {
        if (Find(commit.Range) is { } row && row.Epoch == commit.Epoch)
            row.Position = commit.Step.To;
    }

    public void Rewind(long to)
    {
        foreach (var row in Rows)
        {
            row.Position = Math.Min(row.Position, to);
            row.IsFaulted = false;
            if (!_faults.HasFlag(ModelFaults.RewindKeepsEpoch))
                Release(row);
        }

        _done.RemoveWhere(position => position > to);
        _dropped.RemoveWhere(position => position > to);
        foreach (var (key, _) in Parked.Where(parked => parked.Value.Position > to).ToList())
            Parked.Remove(key);
    }

    /// <summary>Deletes everything but the log, and makes it anew.</summary>
    public void Renew(int ranges)
    {
        Rows.Clear();
        Parked.Clear();
        _done.Clear();
        _dropped.Clear();
        Rows.AddRange(RangeKey.Split(ranges).Select(range => new ModelRow(new RangeKey("model", 1, range.First, range.Last))
        {
            Epoch = NextEpoch(),
        }));
    }

    public void Split(ModelRow row)
    {
        var middle = (short)((row.Key.First + row.Key.Last) / 2);
        Rows.Remove(row);
        foreach (var (first, last) in new[] { (row.Key.First, middle), ((short)(middle + 1), row.Key.Last) })
            Rows.Add(new ModelRow(new RangeKey("model", 1, first, last))
            {
                Position = row.Position,
                Epoch = NextEpoch(),
                IsPaused = row.IsPaused,
                IsFaulted = row.IsFaulted,
                StopAt = row.StopAt,
            });
    }

    /// <summary>Merges neighbours once both stand at the mark; asks them to before.</summary>
    public void Merge(ModelRow one, ModelRow other)
    {
        var mark = Math.Max(one.Position, other.Position);
        if (_faults.HasFlag(ModelFaults.MergedAtTheHigher))
            one.Position = other.Position = mark;

        if (one.Position != other.Position)
        {
            foreach (var row in (ModelRow[])[one, other])
            {
                // Who rests at another mark does not learn of this one.
                if (row.StopAt is not null && row.StopAt != mark)
                    Release(row);

                row.StopAt = mark;
            }

            return;
        }

        Rows.Remove(one);
        Rows.Remove(other);
        Rows.Add(new ModelRow(new RangeKey("model", 1, one.Key.First, other.Key.Last))
        {
            Position = one.Position,
            Epoch = NextEpoch(),
            IsPaused = one.IsPaused || other.IsPaused,
            IsFaulted = one.IsFaulted || other.IsFaulted,
        });
        Check();
    }

    public Claim ClaimOf(ModelRow row) => new(
        row.Epoch,
        row.Position,
        row.StopAt,
        ReplayedTo: 0,
        LastEvent: null,
        row.Takeovers,
        Parked.Where(parked => row.Key.Holds(parked.Key.Slice) && !_faults.HasFlag(ModelFaults.ParkedIsOvertaken))
            .ToDictionary(static parked => parked.Key, static parked => parked.Value.Position));

    private long NextEpoch() => ++_epochs;

    private void Do(ModelEvent one)
    {
        if (!_done.Add(one.Position))
            throw new ModelException($"event {one.Position} takes effect twice");

        if (Log.Any(other => other.Position < one.Position && other.Key == one.Key && !_done.Contains(other.Position)
            && !_dropped.Contains(other.Position)))
        {
            throw new ModelException($"event {one.Position} takes effect before an earlier one of its key");
        }
    }

    private void GiveUp(WorkItem item, FailedEvent how)
    {
        if (how == FailedEvent.Skip)
            _dropped.Add(item.Position);
        else if (!_faults.HasFlag(ModelFaults.ParkedApart))
            Park(item);
    }

    private void Move(ParkedMove move)
    {
        if (move.Dropped is { } dropped)
            _dropped.Add(dropped.Item.Position);

        if (move.Next == 0 || _faults.HasFlag(ModelFaults.FreedTooEarly))
            Parked.Remove(move.Key);
        else
            Parked[move.Key] = new ModelParked(
                move.Next, move.Wish, move.Wish is null ? 0 : Parked[move.Key].Drops - (move.Dropped is null ? 0 : 1));
    }

    private void Check()
    {
        foreach (var row in Rows)
        {
            var lost = Log.Find(one => one.Position <= row.Position && row.Key.Holds(one.Key.Slice) && !_done.Contains(one.Position)
                && !_dropped.Contains(one.Position) && !(Parked.TryGetValue(one.Key, out var parked) && one.Position >= parked.Position));
            if (lost is not null)
                throw new ModelException($"event {lost.Position} is lost: the checkpoint is at {row.Position}");
        }

        foreach (var (key, parked) in Parked)
        {
            if (Log.Any(one => one.Key == key && one.Position >= parked.Position && _done.Contains(one.Position)))
                throw new ModelException($"an event of {key.Key} has taken effect while the key waits from {parked.Position} on");
        }
    }
}
