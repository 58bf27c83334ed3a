namespace FluentEventStore.Subscriptions;

// Parked keys, which are replayed between pages: then nothing of the range is under way, and what the keys wait for ends where it stands.
internal sealed partial class Worker
{
    private readonly Queue<IReadOnlyList<Wish>> _wishes = [];
    private Replay? _replay;
    private bool _isWished;

    /// <summary>Somebody wants parked keys to be replayed.</summary>
    public void Wish() => _isWished = true;

    /// <summary>Takes what is wanted of parked keys.</summary>
    /// <param name="wishes">Of which keys. Those in one list are replayed together.</param>
    public void Take(IEnumerable<IReadOnlyList<Wish>> wishes)
    {
        _isWished = false;
        foreach (var wish in wishes)
            _wishes.Enqueue(wish);
    }

    /// <summary>Takes what was read of parked keys.</summary>
    public void TakeParked(WorkPage page)
    {
        _outages = 0;
        _items = [.. page.Items.Where(item => item.Position > _replay!.Scanned && _replay.Wants(item))];
        (_cursor, _readTo, _hasPage) = (0, page.ReadTo, true);
    }

    private WorkStep? BeginReplay()
    {
        if (!_wishes.TryDequeue(out var wishes))
            return _isWished ? new WorkStep.ReadWishes() : null;

        _replay = new Replay(wishes, Position);
        return FetchOf(_replay);
    }

    private static WorkStep.FetchParked FetchOf(Replay replay) => new(replay.Keys, replay.Scanned, replay.End);

    private WorkStep NextOfReplay(Replay replay, TimeSpan now)
    {
        if (_hasPage && !replay.IsDone)
        {
            // Nothing more of the keys up to here. At the end of their way they are free.
            _hasPage = false;
            if (_readTo >= Position && replay.MovesOf([], _readTo) is { Count: > 0 } moves)
                return _commit = Done(count: 0, moves);

            replay.Pass(_readTo);
        }

        if (!replay.IsDone)
            return FetchOf(replay);

        (_replay, _hasPage) = (null, false);
        return NextOfPage(now);
    }

    private WorkStep NextOfReplayed(Replay replay, WorkItem first)
    {
        var wish = replay.WishFor(first);
        if (_failing is { } failing && failing.Item.Position == first.Position)
        {
            _failing = null;
            return _commit = Done(count: 1, replay.MovesBehind(first, failing.Failure));
        }

        if (_replayed is { Losses: >= MaxLossesOfReplayed, Failure: { } lost } && _replayed.Position == first.Position)
        {
            _replayed = default;
            return _commit = Done(count: 1, replay.MovesBehind(first, lost));
        }

        return wish switch
        {
            { Drops: > 0 } => _commit = Done(count: 1, replay.MovesDropping(first)),
            { Count: <= 0 } => _commit = Done(count: 1, replay.MovesBehind(first, failure: null)),
            _ when replay.TakesAll && first.Position > _aloneTo => new WorkStep.Handle(Before(_failing?.Item.Position), Attempt: 1),
            _ => new WorkStep.Handle([first], Attempt: 1),
        };
    }

    // The range stays where it is, and the keys move.
    private WorkStep.Commit Done(int count, IReadOnlyList<ParkedMove> moves) => new(Stored, Position, Last: null, count) { Moves = moves };

    private void Follow(Replay replay, WorkStep.Commit commit)
    {
        foreach (var move in commit.Moves)
        {
            if (move.Next == 0)
                _parked.Remove(move.Key);
            else
                _parked[move.Key] = move.Next;
        }

        replay.Follow(commit.Moves, commit.Count > 0 ? _items[_cursor - 1].Position : _readTo);
        _items.RemoveRange(0, _cursor);
        _items.RemoveAll(item => !replay.Wants(item));
        _cursor = 0;
    }
}
