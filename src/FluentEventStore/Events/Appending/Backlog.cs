namespace FluentEventStore.Events;

/// <summary>
/// The units that wait for a lane, in the order in which they came; and, apart, those that wait for locked streams. Not safe for use by
/// several threads.
/// </summary>
internal sealed class Backlog(TimeProvider clock)
{
    /// <summary>How many events and bytes of payload are sent in one transaction at most, unless one unit alone has more.</summary>
    private const int MaxEvents = 4_000;
    private const long MaxSize = 4 * 1024 * 1024;

    private Queue<WaitingUnit> _waiting = [];

    /// <summary>How many wait for a lane.</summary>
    public int Count => _waiting.Count;

    public bool IsEmpty => _waiting.Count == 0 && Blocked.IsEmpty;

    public BlockedStreams Blocked { get; } = new();

    /// <summary>Whether streams are known to be locked.</summary>
    public bool KnowsOfLocks => !Blocked.IsEmpty;

    /// <summary>Lets a unit wait for a lane.</summary>
    public void Add(WaitingUnit unit) => _waiting.Enqueue(unit);

    /// <summary>Lets a unit wait behind others of its stream that wait for a lock.</summary>
    public bool TryPark(WaitingUnit unit) => Blocked.TryPark(unit, clock.GetTimestamp());

    /// <summary>Counts streams of a slow lane as locked if somebody needs them: a unit that has just come, or those that wait.</summary>
    public void Block(Lane lane, WaitingUnit? neededBy = null)
    {
        var needed = neededBy is null ? _waiting.SelectMany(static unit => unit.Streams) : neededBy.Streams;
        Block([.. needed.Where(lane.Streams.Contains)], lane);
    }

    /// <summary>Counts streams as locked.</summary>
    public void Block(IReadOnlyCollection<(TenantId TenantId, StreamId StreamId)> streams, Lane lane)
    {
        if (Blocked.Add(streams, lane))
            Park();
    }

    /// <summary>Lets those go on who waited behind the statement of a lane.</summary>
    public void Release(Lane lane) => GoOn(Blocked.Release(lane));

    /// <summary>Lets those go on who waited for streams.</summary>
    public void Release((TenantId TenantId, StreamId StreamId)[] streams) => GoOn(Blocked.Release(streams));

    /// <summary>Of units that were sent together and met a lock, takes out those that append to locked streams.</summary>
    /// <param name="units">The units.</param>
    /// <param name="locked">The streams.</param>
    /// <param name="mayAttend">Whether a unit may wait in the database.</param>
    /// <param name="lanes">Gets the lanes in which units have to wait in the database, as the first ones for their streams.</param>
    /// <returns>The other units.</returns>
    public List<WaitingUnit> StepAside(
        IReadOnlyList<WaitingUnit> units,
        IReadOnlySet<(TenantId TenantId, StreamId StreamId)> locked,
        Func<WaitingUnit, bool> mayAttend,
        List<Lane> lanes)
    {
        var now = clock.GetTimestamp();
        List<WaitingUnit> others = [];
        foreach (var unit in units)
        {
            if (!Blocked.TryStepAside(unit, locked, mayAttend(unit), now, out var lane))
                others.Add(unit);
            else if (lane is not null)
                lanes.Add(lane);
        }

        Park();
        return others;
    }

    /// <summary>Takes the units that are sent together next.</summary>
    public List<WaitingUnit> Take(int most)
    {
        List<WaitingUnit> taken = [];
        var (events, size) = (0, 0L);
        while (taken.Count < most && _waiting.TryPeek(out var next))
        {
            events += next.Unit.Events.Length;
            size += next.Unit.Size;
            if (taken.Count > 0 && (events > MaxEvents || size > MaxSize))
                break;

            _waiting.Dequeue();
            if (next.TryTake())
                taken.Add(next);
        }

        return taken;
    }

    // Units keep their order: those that waited for a stream go before all others; those that wait for one that has just been found locked
    // go before all that will.
    private void GoOn(List<WaitingUnit> units)
    {
        if (units.Count > 0)
            _waiting = new Queue<WaitingUnit>([.. NotParked(units), .. _waiting]);
    }

    private void Park() => _waiting = new Queue<WaitingUnit>(NotParked(_waiting));

    private IEnumerable<WaitingUnit> NotParked(IEnumerable<WaitingUnit> units) => units.Where(unit => !TryPark(unit));
}
