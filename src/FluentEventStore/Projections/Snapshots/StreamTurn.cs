using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore.Projections;

/// <summary>What a unit of work makes of one stream, as far as its snapshots are concerned.</summary>
internal sealed class StreamTurn
{
    private readonly EventUnit _unit;
    private readonly StreamChange[] _changes;

    public StreamTurn(EventUnit unit, UnitStream stream)
    {
        _unit = unit;
        Stream = stream;
        _changes = Array.FindAll(unit.Changes, change => change.Stream == stream);
    }

    public UnitStream Stream { get; }

    /// <summary>The events that the unit appends to it.</summary>
    public IEnumerable<UnitEvent> Events => _unit.Events.Where(@event => @event.Stream == Stream.Ordinal);

    /// <summary>
    /// Whether the stream has snapshots when the unit is done. It has none if the unit hides or erases it, or links events to it, which can
    /// change without the stream. The database removes their rows, also for stores that know other aggregates.
    /// </summary>
    public bool LeavesSnapshots => Stream.LinkCount == 0 && !Array.Exists(_changes, static change => change.Hides);

    /// <summary>Whether the unit shows the stream again if it is hidden.</summary>
    public bool Revives => Array.Exists(_changes, static change => change.Revives);

    /// <summary>Whether the unit shows the stream again or changes its past, so that its snapshots are folded from its beginning.</summary>
    public bool FoldsAnew => Revives || Rewrites > 0;

    /// <summary>How often the unit changes the past of the stream.</summary>
    public int Rewrites => _changes.Count(static change => change.Rewrites);

    /// <summary>The events that a snapshot lacks, once the unit is done; some may have to be opened.</summary>
    /// <param name="missing">What it lacks before.</param>
    /// <param name="version">The version that the stream is at before.</param>
    public List<IEvent> Play(IReadOnlyList<IEvent> missing, long version)
    {
        List<IEvent> events = [.. missing];
        foreach (var @event in Events)
            events.Add(_unit.Foresee(@event, ++version));

        foreach (var change in _changes)
        {
            if (change.Verb == StreamVerb.Compact)
                Compact(events, change);
            else if (change.Verb == StreamVerb.Truncate)
                events.RemoveAll(@event => @event.Version < change.Version);
        }

        return events;
    }

    // The event keeps everything but what the replacement says itself. If there is no such event, the database refuses the unit.
    private void Compact(List<IEvent> events, StreamChange compaction)
    {
        var place = events.FindIndex(@event => @event.Version == compaction.Version);
        if (place < 0)
            return;

        events[place] = compaction.Replacement!.Foresee(DispatchedEvent.MetadataOf(events[place]), _unit.Sealed?.Keys);
        events.RemoveRange(0, place);
    }
}
