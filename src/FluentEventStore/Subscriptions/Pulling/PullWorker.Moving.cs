namespace FluentEventStore.Subscriptions;

// How events move: from the log to consumers, and from their answers to the checkpoint.
internal sealed partial class PullWorker
{
    private bool MayRead => IsWanted
        && !IsEnding
        && _unusable is null
        && (_stopAt is null || _read < _stopAt)
        && _entries.Count < rules.Window
        && _bytes < rules.Bytes
        && _ready.Count <= rules.BufferSize / 2;

    // What is out may be what nodes died of.
    private bool IsClear => _takeovers > 0 && _hasLooked && _entries.Count == 0 && _lanes.Count == 0;

    // Nothing comes after it that could be written with it.
    private bool IsLast => IsEnding || _fault is not null || Contiguous == _stopAt || (_unusable is not null && _entries.Count == 0);

    private void Set(Claim claim, TimeSpan now)
    {
        (Tenure, _stopAt, _takeovers, _hasLooked) = (claim.Tenure, claim.StopAt, claim.Takeovers, false);
        (_isLost, _isStale, _outages, _outageTo, _flushAt) = (false, false, 0, null, CheckpointFlush.After(now));
    }

    private void Withdraw()
    {
        foreach (var entry in _entries.Concat(_lanes.Values.SelectMany(static lane => lane.Items)))
            entry.State = PullEntryState.Withdrawn;

        Out = 0;
    }

    private void Add(PullEntry entry)
    {
        _entries.Enqueue(entry);
        _bytes += entry.Bytes;
        if (!_byKey.TryGetValue(entry.Key, out var queue))
            _byKey.Add(entry.Key, queue = []);

        queue.Enqueue(entry);
        if (queue.Count == 1)
            MakeReady(entry);
    }

    // What has waited for a taker is masked or gone by now, maybe. What stands behind the last event that somebody has taken is read anew.
    private void ReadAgain()
    {
        // What is being replayed goes up to where the range is read.
        if (_lanes.Count > 0)
            return;

        var entries = _entries.ToList();
        var kept = entries.FindLastIndex(entry => !entry.IsUntaken || entry.Position <= _readOnce) + 1;
        if (kept == entries.Count)
            return;

        (_read, _unusable, ReadsAgain) = (entries[kept].Position - 1, null, true);
        _entries.Clear();
        _byKey.Clear();
        _bytes = 0;
        _ready.Clear();
        foreach (var entry in entries[kept..])
            entry.State = PullEntryState.Withdrawn;

        foreach (var entry in entries[..kept])
            Return(entry);
    }

    private void Return(PullEntry entry)
    {
        _entries.Enqueue(entry);
        _bytes += entry.Bytes;
        if (entry.State == PullEntryState.Ready)
            _ready.Enqueue(entry, entry.Position);

        if (entry.State == PullEntryState.Done)
            return;

        if (!_byKey.TryGetValue(entry.Key, out var queue))
            _byKey.Add(entry.Key, queue = []);

        queue.Enqueue(entry);
    }

    private void MakeReady(PullEntry entry)
    {
        entry.State = PullEntryState.Ready;
        _ready.Enqueue(entry, entry.Position);
    }

    private void Hold(PullEntry entry, TimeSpan until)
    {
        entry.State = PullEntryState.Held;
        _held.Enqueue(entry, until);
    }

    private void GetDue(TimeSpan now)
    {
        while (_held.TryPeek(out var entry, out var due) && due <= now)
        {
            _held.Dequeue();
            MakeReady(entry);
        }
    }

    private void Finish(PullEntry entry)
    {
        entry.State = PullEntryState.Done;
        if (entry.Lane is { } lane)
        {
            lane.Pass();
            Pass(entry);
            return;
        }

        var queue = _byKey[entry.Key];
        queue.Dequeue();
        if (queue.TryPeek(out var next))
            MakeReady(next);
        else
            _byKey.Remove(entry.Key);

        Trim();
    }

    // An event that nobody can be handed.
    private bool GivesUp(WorkItem item, WorkFailure failure)
    {
        if (rules.Unreadable == FailedEvent.Stop || (rules.Unreadable == FailedEvent.Park && IsFull(item.Key)))
            return false;

        if (rules.IsTransient)
            return true;

        if (rules.Unreadable == FailedEvent.Park)
            _parked[item.Key] = item.Position;

        _readOnce = item.Position;
        _givenUp.Add(new PullGivenUp(item, rules.Unreadable, failure, Attempts: 0));
        _answers += rules.CheckpointAfterCount;
        return true;
    }

    private bool IsFull(EventKey key) => _parked.Count >= rules.MaxParkedKeys && !_parked.ContainsKey(key);

    // Later events of the key wait with it, in its row.
    private void Park(PullEntry entry, WorkFailure failure, TimeSpan? due)
    {
        _parked[entry.Key] = entry.Position;

        // What was replayed of it stands before where it waits now: it must not be read again.
        if (_lanes.Remove(entry.Key))
            _readOnce = Math.Max(_readOnce, _read);

        _givenUp.Add(new PullGivenUp(entry.Item, FailedEvent.Park, failure, entry.Attempts, due) { Read = entry.Lane?.Read });
        entry.State = PullEntryState.Done;
        if (entry.Lane is null && _byKey.Remove(entry.Key, out var queue))
        {
            foreach (var behind in queue)
                behind.State = PullEntryState.Done;
        }

        Trim();
    }

    private void Trim()
    {
        while (_entries.TryPeek(out var first) && first.State == PullEntryState.Done)
        {
            _bytes -= first.Bytes;
            _last = _entries.Dequeue().Item;
            Pass(first);
        }
    }

    private void Pass(PullEntry entry)
    {
        if (entry.IsHandled)
            _passed++;
    }

    private bool MustWrite(TimeSpan now)
    {
        if (_lanes.Values.Any(static lane => lane.MustWrite))
            return true;

        if (IsLast && IsUnwritten)
            return true;

        return HasAnswers
            ? _answers >= rules.CheckpointAfterCount || now >= _answeredAt + rules.CheckpointAfter
            : (Contiguous > Stored || IsClear) && now >= _flushAt;
    }

    private PullCommit Write()
    {
        var isFlush = !HasAnswers && !IsLast;
        (_answers, _answeredAt) = (0, null);
        var last = _last?.Position > Stored && _last.Position <= Contiguous ? _last : null;
        return new PullCommit(
            Stored,
            Contiguous,
            last,
            [.. _givenUp],
            [.. _lanes.Values.Where(static lane => lane.IsDirty).Select(static lane => lane.Move())])
        {
            IsFlush = isFlush,
            Handled = _passed,
        };
    }

    private TimeSpan? Until()
    {
        TimeSpan? until = HasAnswers ? _answeredAt + rules.CheckpointAfter : Contiguous > Stored || IsClear ? _flushAt : null;
        return _held.TryPeek(out _, out var due) && due < TimeSpan.MaxValue && !(until < due) ? due : until;
    }

    private void Settle(PullCommit commit)
    {
        Stored = commit.To;
        _read = Math.Max(_read, Stored);
        _passed -= commit.Handled;
        _handled += commit.Handled;
        _givenUp.RemoveRange(0, commit.GivenUp.Count);
        foreach (var given in commit.GivenUp.Where(static given => given.How == FailedEvent.Park))
            _rows[given.Item.Key] = given.Item.Position;

        foreach (var move in commit.Moves)
            Settle(move);
    }

    // Whether a commit is in the row. What changes nothing there is written again.
    private bool IsStored(PullCommit commit, Claim claim)
    {
        if (commit.To > commit.From)
            return claim.Position == commit.To;

        var parked = commit.GivenUp.Where(static given => given.How == FailedEvent.Park)
            .Select(static given => (given.Item.Key, given.Item.Position));
        foreach (var (key, position) in parked.Concat(commit.Moves.Select(static move => (move.Key, move.Next))))
        {
            if (_rows.GetValueOrDefault(key) != position)
                return claim.Parked.GetValueOrDefault(key) == position;
        }

        return false;
    }

    private WorkFailure TooMany(string reason) => new(
        FailureKind.TooManyParked, Exception: null, $"{_parked.Count} keys are parked, and the next event was given up: {reason}");

    private static WorkFailure GaveUp(string reason) => new(FailureKind.ConsumerGaveUp, Exception: null, reason);
}
