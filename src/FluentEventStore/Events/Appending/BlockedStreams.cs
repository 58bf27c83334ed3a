namespace FluentEventStore.Events;

/// <summary>
/// Streams that somebody keeps locked. One of the units that append to such a stream waits in the database; the others wait behind it in
/// the process, without a connection. Not safe for use by several threads.
/// </summary>
internal sealed class BlockedStreams
{
    private readonly Dictionary<(TenantId TenantId, StreamId StreamId), Blocked> _streams = [];

    public bool IsEmpty => _streams.Count == 0;

    /// <summary>How many units wait for the streams, those on a connection included.</summary>
    public int WaitingUnits => _streams.Values.Sum(static stream => stream.Units.Count(static unit => !unit.IsGone)) + WaitingLanes;

    /// <summary>How many connections wait for the streams.</summary>
    public int WaitingLanes => _streams.Values.Select(static stream => stream.Lane).OfType<Lane>().Distinct().Count();

    /// <summary>The streams that no connection waits for.</summary>
    public (TenantId TenantId, StreamId StreamId)[] Unattended =>
        [.. from stream in _streams where stream.Value.Lane is null select stream.Key];

    /// <summary>Says that streams are locked.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="lane">Which lane waits for them; <see langword="null"/> if none does.</param>
    /// <returns>Whether one of them was not known to be locked.</returns>
    public bool Add(IEnumerable<(TenantId TenantId, StreamId StreamId)> streams, Lane? lane) =>
        streams.Aggregate(seed: false, (isNew, stream) => _streams.TryAdd(stream, new Blocked { Lane = lane }) || isNew);

    /// <summary>
    /// Lets a unit that appends to one of the streams wait behind those that came before; <see langword="false"/> if it appends to none.
    /// </summary>
    public bool TryPark(WaitingUnit unit, long now)
    {
        if (_streams.Count == 0)
            return false;

        foreach (var stream in unit.Streams)
        {
            if (!_streams.TryGetValue(stream, out var blocked))
                continue;

            unit.Block(stream.StreamId, now);
            blocked.Units.Add(unit);
            return true;
        }

        return false;
    }

    /// <summary>Takes aside a unit that was sent and met a lock, if it needs a locked stream.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="locked">The streams that were found to be locked.</param>
    /// <param name="mayAttend">Whether it may wait in the database if it is the first one for its stream.</param>
    /// <param name="now">The time.</param>
    /// <param name="lane">Where it is to wait in the database; <see langword="null"/> if it waits here.</param>
    /// <returns><see langword="false"/> if it does not need the streams.</returns>
    public bool TryStepAside(
        WaitingUnit unit, IReadOnlySet<(TenantId TenantId, StreamId StreamId)> locked, bool mayAttend, long now, out Lane? lane)
    {
        lane = null;
        if (!unit.Streams.Any(_streams.ContainsKey))
        {
            var needed = unit.Streams.Where(locked.Contains).ToArray();
            if (needed.Length == 0)
                return false;

            lane = mayAttend ? new Lane { Since = now, Units = [unit], IsGivenUp = true } : null;
            Add(needed, lane);
            unit.Block(needed[0].StreamId, now);
            if (lane is not null)
                return true;
        }

        unit.PutBack();
        return TryPark(unit, now);
    }

    /// <summary>Forgets the streams that a lane waited for, and returns the units that waited behind it.</summary>
    public List<WaitingUnit> Release(Lane lane) =>
        IsEmpty ? [] : Release([.. from stream in _streams where stream.Value.Lane == lane select stream.Key]);

    /// <summary>Forgets streams, and returns the units that waited for them.</summary>
    public List<WaitingUnit> Release((TenantId TenantId, StreamId StreamId)[] streams)
    {
        List<WaitingUnit> units = [];
        foreach (var stream in streams)
        {
            if (_streams.Remove(stream, out var blocked))
                units.AddRange(blocked.Units);
        }

        return units;
    }

    /// <summary>Returns the units that have waited for too long, and forgets those whose sessions were cancelled.</summary>
    public List<WaitingUnit> TakeOverdue(Func<WaitingUnit, bool> isOverdue)
    {
        List<WaitingUnit> overdue = [];
        foreach (var (key, stream) in _streams)
        {
            overdue.AddRange(stream.Units.Where(unit => isOverdue(unit) && unit.TryLeave()));
            stream.Units.RemoveAll(static unit => unit.IsGone);
            if (stream is { Lane: null, Units.Count: 0 })
                _streams.Remove(key);
        }

        return overdue;
    }

    private sealed class Blocked
    {
        public Lane? Lane { get; init; }

        public List<WaitingUnit> Units { get; } = [];
    }
}
