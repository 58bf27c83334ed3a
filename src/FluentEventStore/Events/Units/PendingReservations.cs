namespace FluentEventStore.Events;

/// <summary>
/// The values that a session is going to reserve and release: of several calls for one value and owner, the last one counts.
/// </summary>
internal sealed class PendingReservations(PendingAppends appends)
{
    private readonly Dictionary<(string Name, string Value, StreamId Owner), ReservationVerb> _asked = [];
    private readonly Dictionary<(string Name, StreamId Owner), string> _filled = [];

    /// <exception cref="ArgumentException">The name or the value cannot be reserved, or there is no owner.</exception>
    public void Reserve(string name, string value, StreamId owner)
    {
        Add(name, value, owner, ReservationVerb.Reserve);

        // Only one can hold it after the unit: the one that the last call names.
        foreach (var other in _asked.Keys.Where(key => key.Name == name && key.Value == value && key.Owner != owner).ToList())
        {
            if (_asked[other] == ReservationVerb.Reserve)
                _asked.Remove(other);
        }
    }

    /// <inheritdoc cref="Reserve"/>
    public void Release(string name, string value, StreamId owner) => Add(name, value, owner, ReservationVerb.Release);

    /// <summary>Gives a stream the natural key that its events up to a version lead to.</summary>
    public void Fill(string name, string value, StreamId owner, long version)
    {
        appends.Expect(owner, ExpectedVersion.Exactly(version));
        _filled[(name, owner)] = value;
    }

    public ReservationChange[] Describe(UnitStream[] streams) =>
    [
        .. _asked.Select(one => StreamOf(one.Key.Owner, streams).Change(one.Key.Name, one.Key.Value, one.Value)),
        .. _filled.Select(one => StreamOf(one.Key.Owner, streams).Change(one.Key.Name, one.Value, ReservationVerb.Set)),
    ];

    public void Clear()
    {
        _asked.Clear();
        _filled.Clear();
    }

    // The row of the owner is locked with the streams of the unit, so that nobody ends the stream meanwhile, or releases what it holds.
    private void Add(string name, string value, StreamId owner, ReservationVerb verb)
    {
        appends.CheckOpen();
        ReservationNames.Check(name, value);
        appends.Expect(owner, ExpectedVersion.Any);
        _asked[(name, value, owner)] = verb;
    }

    private UnitStream StreamOf(StreamId owner, UnitStream[] streams)
    {
        appends.Streams.TryGet(owner, out var stream);
        return streams[stream!.Ordinal - 1];
    }
}
