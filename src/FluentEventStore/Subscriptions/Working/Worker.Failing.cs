namespace FluentEventStore.Subscriptions;

// Events that cannot be handled: they are tried again, alone if it is not known which it is, and given up as the policy says.
internal sealed partial class Worker
{
    /// <summary>After how many losses of its commit in a row the events of a page are handled one by one.</summary>
    private const int MaxLossesOfPage = 2;

    /// <summary>How often the commit of a parked event may be lost before it stays behind: it can be replayed again.</summary>
    private const int MaxLossesOfReplayed = 3;

    /// <summary>
    /// How often in a row the commit of an event must be lost while one without what its handler did comes through, before that is the
    /// reason. A network that breaks every second commit looks like that once in 65,000 times.
    /// </summary>
    private const int MaxLossesOfEvent = 8;

    // The event that failed, how many calls for it did, and up to which position events are handled one by one.
    private (WorkItem Item, int Calls, WorkFailure Failure)? _failing;
    private long _aloneTo;
    private int _losses;
    private int _lossesOfPage;
    private int _lossesOfEvent;
    private long _convicted;
    private (WorkItem Item, WorkFailure Failure)? _suspect;
    private (long Position, int Losses, WorkFailure? Failure) _replayed;

    /// <summary>The event that is being tried again; <see langword="null"/> if none is.</summary>
    public (WorkItem Item, int Calls, WorkFailure Failure)? Failing => _failing;

    /// <summary>The event whose commit is lost while others come through; <see langword="null"/> if there is none.</summary>
    public (WorkItem Item, WorkFailure Failure)? Suspected { get; private set; }

    /// <summary>An event of the step could not be handled.</summary>
    /// <param name="handled">How many before it were.</param>
    /// <param name="failure">Why.</param>
    /// <param name="isUndone">Whether what was done for those before it is undone, so that they are handled again.</param>
    /// <param name="now">The time.</param>
    public void Failed(int handled, WorkFailure failure, bool isUndone, TimeSpan now)
    {
        _isBegun = true;
        var item = _items[_cursor + handled];
        if (handled > 0 && !isUndone)
            Finish(handled);

        if (failure.IsOutage)
        {
            Outage(now);
            return;
        }

        if (_replay is not null)
        {
            // One try for each time that somebody wants it.
            _failing = (item, policy.Retries + 1, failure);
            return;
        }

        Fail(item, failure, now);
    }

    /// <summary>All events of the step together could not be handled, and nobody knows which is the reason.</summary>
    /// <param name="count">How many there were.</param>
    /// <param name="failure">Why.</param>
    /// <param name="now">The time.</param>
    public void FailedTogether(int count, WorkFailure failure, TimeSpan now)
    {
        _commit = null;
        if (count == 1 || failure.IsOutage)
            Failed(handled: 0, failure, isUndone: true, now);
        else
            _aloneTo = _items[_cursor + count - 1].Position;
    }

    /// <summary>What became of a commit is unknown.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="hadWork">Whether it held what the handler did.</param>
    /// <param name="now">The time.</param>
    public void Lost(WorkFailure failure, bool hadWork, TimeSpan now)
    {
        if (++_losses > 1)
            _outageTo = now + RetryPolicy.PauseOfOutage(_losses - 1, chance());

        if (hadWork && _replay is not null && _commit is { Count: > 0 } replayed)
            SuspectReplayed(replayed.Count, failure);
        else if (hadWork && _commit is { Count: > 0 } commit)
            Suspect(commit.Count, failure);
        else
            (_suspect, _lossesOfEvent) = (null, 0);

        Mistaken();
    }

    /// <summary>What is to be committed took longer than the database allows.</summary>
    /// <returns>Whether the events of the page are handled one by one from here on, since each of them may be quick enough.</returns>
    public bool TookTooLong()
    {
        if (_commit is not { Count: > 1 } commit || ++_lossesOfPage < MaxLossesOfPage)
            return false;

        (_commit, _aloneTo, _lossesOfPage) = (null, _items[_cursor + commit.Count - 1].Position, 0);
        return true;
    }

    /// <summary>The rows are not what they were taken to be.</summary>
    public void Mistaken() => (_commit, _hasPage, _mustRaise) = (null, false, true);

    private List<WorkItem> Before(long? failing)
    {
        var end = failing is { } position ? _items.FindIndex(_cursor, item => item.Position >= position) : -1;
        return end > _cursor ? _items.GetRange(_cursor, end - _cursor) : _items[_cursor..];
    }

    private void Fail(WorkItem item, WorkFailure failure, TimeSpan now)
    {
        var calls = _failing is { } failing && failing.Item.Position == item.Position ? failing.Calls + 1 : 1;
        _failing = (item, failure.MayPass ? calls : Math.Max(calls, policy.Retries + 1), failure);
        if (_failing.Value.Calls <= policy.Retries)
            _retryAt = now + policy.PauseAfter(calls, chance());
    }

    private void Suspect(int count, WorkFailure failure)
    {
        if (count == 1)
            _suspect = (_items[_cursor], failure);
        else if (++_lossesOfPage >= MaxLossesOfPage)
            (_aloneTo, _lossesOfPage) = (_items[_cursor + count - 1].Position, 0);
    }

    private void SuspectReplayed(int count, WorkFailure failure)
    {
        var first = _items[_cursor];
        if (count > 1)
            _aloneTo = _items[_cursor + count - 1].Position;
        else
            _replayed = (first.Position, _replayed.Position == first.Position ? _replayed.Losses + 1 : 1, failure);
    }

    // Commits come through, but not the one with the work. That the event has failed otherwise before says nothing of that.
    private void Convict(WorkItem item, WorkFailure failure, TimeSpan now)
    {
        _suspect = null;
        Suspected = (item, failure);
        if (++_lossesOfEvent < MaxLossesOfEvent && _convicted != item.Position)
            return;

        (_lossesOfEvent, _convicted) = (0, item.Position);
        Fail(item, failure, now);
    }

    private void Acquit() => (_losses, _lossesOfPage, _lossesOfEvent, _suspect, Suspected) = (0, 0, 0, null, null);

    private WorkStep GiveUp(WorkItem item, int calls, WorkFailure failure)
    {
        if (policy.Then == FailedEvent.Stop)
        {
            Stop(item, failure);
            return _last!;
        }

        if (policy.Then == FailedEvent.Park && _parked.Count >= maxParkedKeys)
        {
            Stop(item, new WorkFailure(
                FailureKind.TooManyParked,
                failure.Exception,
                $"{_parked.Count} keys are parked, and the next event failed: {failure.Message}"));
            return _last!;
        }

        Finish(1);
        return _commit = _commit! with { GivenUp = (item, policy.Then, failure, calls) };
    }
}
