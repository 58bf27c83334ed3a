using System.Collections.Concurrent;
using FluentEventStore.Aggregates;
using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps aggregates as documents in the unit of work that appends their events. Those that a daemon keeps are concerned only if a unit
/// changes the past of a stream, of which no event tells the daemon.
/// </summary>
/// <param name="kept">Reads all kept aggregates.</param>
/// <param name="inline">Those that are never behind.</param>
internal sealed class InlineSnapshots(KeptSnapshots kept, IReadOnlyCollection<AggregateType> inline) : IInlineProjection
{
    private readonly HashSet<Type> _inline = [.. inline.Select(static type => type.ClrType)];

    private readonly ConcurrentDictionary<(AggregateType Aggregate, EventType Type), bool> _handles = new();

    public IInlineFolding? FindFolding(EventUnit unit)
    {
        if (kept.Readers.Count == 0)
            return null;

        var concerns = FindConcerns(unit);
        return concerns.Count == 0 ? null : new SnapshotFolding(unit, concerns, kept.PersonalData);
    }

    /// <summary>
    /// A snapshot is concerned if its stream gets an event that it handles, or if the past of the stream is changed or shown again. Streams
    /// with ids that the aggregate's documents cannot have are left out.
    /// </summary>
    private List<SnapshotConcern> FindConcerns(EventUnit unit)
    {
        List<SnapshotConcern> concerns = [];
        foreach (var stream in unit.Streams)
        {
            var turn = new StreamTurn(unit, stream);
            if (!turn.LeavesSnapshots)
                continue;

            foreach (var reader in kept.Readers)
            {
                if ((turn.FoldsAnew
                    || stream.Kept == reader.Type.ClrType
                    || (_inline.Contains(reader.Type.ClrType) && turn.Events.Any(@event => MayHandle(reader.Type, unit, @event))))
                    && CanKeep(reader, stream))
                    concerns.Add(new SnapshotConcern(reader, turn));
            }
        }

        return concerns;
    }

    // What an old shape is folded as is known only once it is upcast, with the version that the stream turns out to have.
    private bool MayHandle(AggregateType aggregate, EventUnit unit, in UnitEvent @event)
    {
        var type = @event.Type;
        if (type.Current != type)
            return true;

        if (_handles.TryGetValue((aggregate, type), out var handles))
            return handles;

        // The types for which an aggregate has methods never change: it is asked once for each type.
        var example = unit.Foresee(@event, version: 0);
        return SealedEvent.Of(example) is not null || (_handles[(aggregate, type)] = aggregate.Handles(example.Data));
    }

    private static bool CanKeep(SnapshotReader reader, UnitStream stream)
    {
        // Whoever names the aggregate means its snapshot too, so this throws if there can be none.
        if (stream.AggregateType == reader.Type.Name)
            reader.Table.Type.Convert(stream.StreamId);

        return reader.Table.Type.CanConvert(stream.StreamId);
    }
}
