using System.Collections.Concurrent;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps aggregates as documents, in the unit of work that appends their events. The row of a document says which stream it was folded
/// from, up to which version and from which past of it. So the row itself shows whether it may be folded on (<see cref="SnapshotReader"/>).
/// </summary>
internal sealed class InlineSnapshots(
    Database database, SqlIdentifier schema, IEnumerable<AggregateType> types, DocumentTables documents, PersonalData personalData)
        : IInlineProjection, IInlineSnapshots
{
    private readonly Dictionary<Type, SnapshotReader> _readers =
        types.ToDictionary(static type => type.ClrType, type => new SnapshotReader(schema, type, documents.Get(type.ClrType)));

    private readonly ConcurrentDictionary<(AggregateType Aggregate, EventType Type), bool> _handles = new();

    public bool Keeps(Type aggregateType) => _readers.ContainsKey(aggregateType);

    public async Task<IReadOnlyList<FetchedSnapshot>> FetchAsync(
        Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
    {
        var reader = _readers[aggregateType];
        using var batch = new Npgsql.NpgsqlBatch();
        reader.AddRead(batch, tenantId, streamIds, new bool[streamIds.Count]);
        List<FetchedSnapshot> snapshots;
        var events = new EventQueue(personalData);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            snapshots = await SnapshotReader.ReadAsync(rows, tenantId, events, cancellationToken).ConfigureAwait(false);

        await events.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return snapshots;
    }

    public IInlineFolding? FindFolding(EventUnit unit)
    {
        if (_readers.Count == 0)
            return null;

        var concerns = FindConcerns(unit);
        return concerns.Count == 0 ? null : new SnapshotFolding(database, unit, concerns, personalData);
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

            foreach (var reader in _readers.Values)
            {
                if ((turn.FoldsAnew
                    || stream.Kept == reader.Type.ClrType
                    || turn.Events.Any(@event => MayHandle(reader.Type, unit, @event)))
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
