namespace FluentEventStore.Subscriptions;

/// <summary>
/// A second way through the log, for keys that wait: from the first event that waits up to where the range is. What the keys wait from
/// moves with it, and at the end they are free. A key that fails again, or has had as many events as somebody wants, stays behind.
/// </summary>
internal sealed class Replay
{
    private readonly Dictionary<EventKey, Wish> _wishes;
    private readonly long _end;

    /// <param name="wishes">What is wanted of which keys: of at least one.</param>
    /// <param name="end">The position up to which they waited.</param>
    public Replay(IEnumerable<Wish> wishes, long end)
    {
        _wishes = wishes.ToDictionary(static wish => wish.Key);
        _end = end;
        Scanned = _wishes.Values.Min(static wish => wish.Position) - 1;
    }

    /// <summary>Up to where the log was read for it.</summary>
    public long Scanned { get; private set; }

    /// <summary>The position up to which the keys waited.</summary>
    public long End => _end;

    public IReadOnlyCollection<EventKey> Keys => _wishes.Keys;

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsDone => _wishes.Count == 0 || Scanned >= _end;

    /// <summary>Whether events may be handled together: all of every key are wanted.</summary>
    public bool TakesAll => _wishes.Values.All(static wish => wish is { Count: long.MaxValue, Drops: 0 });

    public bool Wants(WorkItem item) => _wishes.TryGetValue(item.Key, out var wish) && item.Position >= wish.Position;

    /// <summary>What is wanted of the key of an event that it wants.</summary>
    public Wish WishFor(WorkItem item) => _wishes[item.Key];

    /// <summary>What becomes of the keys.</summary>
    /// <param name="handled">The events that were handled.</param>
    /// <param name="to">The position up to which the log is done.</param>
    public IReadOnlyList<ParkedMove> MovesOf(IReadOnlyList<WorkItem> handled, long to)
    {
        var counts = handled.CountBy(static item => item.Key).ToDictionary();
        return
        [
            .. _wishes.Values.Where(wish => to >= wish.Position).Select(wish => new ParkedMove(
                wish.Key, wish.Position, to >= _end ? 0 : to + 1, LeftOf(wish, counts.GetValueOrDefault(wish.Key)))
            {
                Read = (wish.Count, wish.Drops),
            }),
        ];
    }

    /// <summary>The same, where one key stays behind with an event.</summary>
    public IReadOnlyList<ParkedMove> MovesBehind(WorkItem item, WorkFailure? failure) =>
    [
        .. MovesOf([], item.Position).Where(move => move.Key != item.Key),
        new ParkedMove(item.Key, WishFor(item).Position, item.Position, Wish: null)
        {
            Read = (WishFor(item).Count, WishFor(item).Drops),
            Failed = failure is null ? null : (item, failure),
        },
    ];

    /// <summary>The same, where an event is dropped.</summary>
    public IReadOnlyList<ParkedMove> MovesDropping(WorkItem item) =>
    [
        .. MovesOf([], item.Position).Select(move => move.Key != item.Key
            ? move
            : move with { Dropped = (item, WishFor(item).Reason ?? "") }),
    ];

    /// <summary>Something was committed.</summary>
    public void Follow(IReadOnlyList<ParkedMove> moves, long to)
    {
        foreach (var move in moves)
        {
            if (move.Next == 0 || move.Wish is not { } left)
            {
                _wishes.Remove(move.Key);
                continue;
            }

            var before = _wishes[move.Key];
            _wishes[move.Key] = before with
            {
                Position = move.Next,
                Count = left,
                Drops = move.Dropped is null ? before.Drops : before.Drops - 1,
            };
        }

        Pass(to);
    }

    /// <summary>The log was read, and nothing up to there concerned it.</summary>
    public void Pass(long to) => Scanned = Math.Max(Scanned, to);

    private static long LeftOf(Wish wish, int handled) => wish.Count == long.MaxValue ? wish.Count : wish.Count - handled;
}
