namespace FluentEventStore.Subscriptions;

// Parked keys that are replayed: each beside the log, from where it waits up to where the range is read, once nothing of it is under way
// there. What is moved on here may be beyond the checkpoint: then, if the process ends, what stands between comes again, in its order.
internal sealed partial class PullWorker
{
    /// <summary>How many keys are replayed at the same time.</summary>
    private const int MaxLanes = 16;

    /// <summary>How long after they were read wishes are read again, while keys are replayed.</summary>
    private static readonly TimeSpan WishInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<EventKey, PullLane> _lanes = [];
    private bool _isWished;
    private TimeSpan _wishAt;

    /// <summary>Somebody wants parked keys to be replayed.</summary>
    public void Wish() => _isWished = true;

    /// <summary>Takes what is wanted of parked keys.</summary>
    public void Take(IEnumerable<Wish> wishes, TimeSpan now)
    {
        (_isWished, _wishAt) = (false, now + WishInterval);
        foreach (var wish in wishes)
        {
            // What was read may be older than what was answered since.
            if (_parked.GetValueOrDefault(wish.Key) != wish.Position || _givenUp.Exists(given => given.Item.Key == wish.Key))
                continue;

            if (!_lanes.TryGetValue(wish.Key, out var lane) && _lanes.Count < MaxLanes)
                _lanes.Add(wish.Key, new PullLane(wish));
            else if (lane is { IsAtRest: true } && lane.Stored == wish.Position)
                lane.Renew(wish);
        }
    }

    /// <summary>Takes what was read of a parked key.</summary>
    public void TakeParked(EventKey key, WorkPage page)
    {
        _outages = 0;
        if (_lanes.TryGetValue(key, out var lane))
            lane.Take(page);
    }

    private WorkStep? NextOfReplay(TimeSpan now)
    {
        if (!IsWanted || IsEnding || _fault is not null)
            return null;

        var step = default(WorkStep);
        foreach (var lane in _lanes.Values)
            step ??= NextOf(lane);

        return step ?? (_isWished && (_lanes.Count == 0 || now >= _wishAt) ? new WorkStep.ReadWishes() : null);
    }

    private WorkStep.FetchParked? NextOf(PullLane lane)
    {
        if (lane.MustWrite || _byKey.ContainsKey(lane.Key) || !lane.BeginsAt(_read))
            return null;

        if (!lane.Items.TryPeek(out var head))
        {
            if (lane.Scanned < _read)
                return new WorkStep.FetchParked([lane.Key], lane.Scanned, _read);

            // Nothing is read before this is written, so that nothing comes between.
            lane.Free();
        }
        else if (head.State == PullEntryState.Queued)
        {
            if (lane.Drops > 0)
                DropFirst(lane, lane.Reason);
            else if (lane.Count > 0 && rules.Unreadable == FailedEvent.Skip && head.Item.Unusable is { } unusable)
                DropFirst(lane, unusable.Message);
            else if (lane.Count <= 0 || head.Item.Unusable is not null)
                lane.StayBehind(lane.Count <= 0 ? null : head.Item.Unusable);
            else
                MakeReady(head);
        }

        return null;
    }

    // If it was the last, the key is free with that: what was to be dropped beyond it must not be found later.
    private void DropFirst(PullLane lane, string reason)
    {
        lane.Drop(reason);
        if (lane.Items.Count == 0 && lane.Scanned >= _read)
            lane.Free();
    }

    private void Settle(ParkedMove move)
    {
        _readOnce = Math.Max(_readOnce, _read);
        if (move.Next == 0)
            _rows.Remove(move.Key);
        else
            _rows[move.Key] = move.Next;

        if (!_lanes.TryGetValue(move.Key, out var lane) || lane.Stored != move.Expected)
            return;

        if (move.Next == 0 || move.Wish is null)
            _lanes.Remove(move.Key);

        if (move.Next == 0)
            _parked.Remove(move.Key);
        else
            _parked[move.Key] = move.Next;

        lane.Moved(move);
    }
}
