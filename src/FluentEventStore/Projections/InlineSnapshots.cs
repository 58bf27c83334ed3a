using System.Collections.Concurrent;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>
/// Keeps aggregates as documents, in the unit of work that appends their events. The row of a document says which stream it was folded from, up to which version and of which of its pasts,
/// so it shows itself whether it may be folded on (<see cref="SnapshotReader"/>).
/// </summary>
internal sealed class InlineSnapshots(
    Database database, SqlIdentifier schema, IEnumerable<AggregateType> types, DocumentTables documents, PersonalData personalData) : IInlineViews
{
    private readonly Dictionary<Type, SnapshotReader> _readers =
        types.ToDictionary(static type => type.ClrType, type => new SnapshotReader(schema, type, documents.Get(type.ClrType), personalData));

    private readonly ConcurrentDictionary<(AggregateType Aggregate, EventType Type), bool> _handles = new();

    public bool Keeps(Type aggregateType) => _readers.ContainsKey(aggregateType);

    public async Task<IReadOnlyList<FetchedView>> FetchAsync(
        Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
    {
        var groups = await ReadAsync([new Wanted(_readers[aggregateType], streamIds, new bool[streamIds.Count])], tenantId, cancellationToken).ConfigureAwait(false);
        return groups[0];
    }

    public async Task<FoldedViews> FoldAsync(EventUnit unit, FetchedViews fetched, JsonWriter payloads, CancellationToken cancellationToken)
    {
        if (_readers.Count == 0)
            return FoldedViews.None;

        var concerns = FindConcerns(unit);
        if (concerns.Count == 0)
            return FoldedViews.None;

        var views = await FetchAsync(concerns, unit.TenantId, fetched, cancellationToken).ConfigureAwait(false);
        var streams = new FoldedStreams(unit.Streams.Length);
        List<(Concern Concern, FetchedView View, List<IEvent> Events)> foldings = [];
        foreach (var concern in concerns)
        {
            var view = views[concern];
            if (view.Stream.IsLinked)
                continue;

            if (view.Stream.IsHidden && !concern.Turn.Revives)
            {
                // The unit is refused for that, unless somebody else shows the stream again before: then it is read anew.
                if (concern.Turn.Stream.Count > 0)
                    streams.Refuse(concern.Turn.Stream.Ordinal);

                continue;
            }

            streams.Expect(concern.Turn.Stream.Ordinal, view.Stream);
            foldings.Add((concern, view, concern.Turn.Play(view.Missing, view.Stream.Version, personalData)));
        }

        await personalData.OpenAsync([.. foldings.Select(static folding => folding.Events)], cancellationToken).ConfigureAwait(false);
        return new FoldedViews(streams, [.. foldings.Select(folding => Fold(folding.Concern, folding.View, folding.Events, payloads)).OfType<DocumentChange>()]);
    }

    /// <summary>
    /// A snapshot concerns a stream that gets an event it handles, and one whose past is changed or shown again, unless its id is one that the aggregate's documents cannot have.
    /// </summary>
    private List<Concern> FindConcerns(EventUnit unit)
    {
        List<Concern> concerns = [];
        foreach (var stream in unit.Streams)
        {
            var turn = new StreamTurn(unit, stream);
            if (!turn.LeavesSnapshots)
                continue;

            foreach (var reader in _readers.Values)
            {
                if ((turn.FoldsAnew || turn.Events.Any(index => MayHandle(reader.Type, unit, index))) && CanKeep(reader, stream))
                    concerns.Add(new Concern(reader, turn));
            }
        }

        return concerns;
    }

    // What an old shape is folded as is known only when it is upcast: with the version that the stream turns out to be at.
    private bool MayHandle(AggregateType aggregate, EventUnit unit, int index)
    {
        var type = unit.Types[index];
        if (type.Current != type)
            return true;

        if (_handles.TryGetValue((aggregate, type), out var handles))
            return handles;

        // For which types an aggregate has methods never changes: one event of each is asked.
        var example = unit.Foresee(index, version: 0, personalData);
        return SealedEvent.Of(example) is not null || (_handles[(aggregate, type)] = aggregate.Handles(example.Data));
    }

    private static bool CanKeep(SnapshotReader reader, UnitStream stream)
    {
        // Who names the aggregate means its snapshot too, and is told that there can be none.
        if (stream.AggregateType == reader.Type.Name)
            reader.Table.Type.Convert(stream.StreamId);

        return reader.Table.Type.CanConvert(stream.StreamId);
    }

    /// <summary>The views that a unit concerns: those that the session fetched, and the others read in one round trip.</summary>
    private async Task<Dictionary<Concern, FetchedView>> FetchAsync(
        List<Concern> concerns, TenantId tenantId, FetchedViews fetched, CancellationToken cancellationToken)
    {
        var views = new Dictionary<Concern, FetchedView>(concerns.Count);
        foreach (var concern in concerns)
        {
            if (!concern.Turn.FoldsAnew && fetched.TryGet(concern.Reader.Type.ClrType, concern.StreamId, out var view))
                views.Add(concern, view);
        }

        List<Concern[]> groups = [.. concerns.Where(concern => !views.ContainsKey(concern)).GroupBy(static concern => concern.Reader, static (_, group) => group.ToArray())];
        var read = await ReadAsync([.. groups.Select(ToRead)], tenantId, cancellationToken).ConfigureAwait(false);
        foreach (var (group, ofGroup) in groups.Zip(read))
        {
            foreach (var (concern, view) in group.Zip(ofGroup))
                views.Add(concern, view);
        }

        return views;

        static Wanted ToRead(Concern[] group) => new(
            group[0].Reader,
            Array.ConvertAll(group, static concern => concern.StreamId),
            Array.ConvertAll(group, static concern => concern.Turn.FoldsAnew));
    }

    private async Task<List<IReadOnlyList<FetchedView>>> ReadAsync(List<Wanted> wanted, TenantId tenantId, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<FetchedView>> views = [];
        if (wanted.Count == 0)
            return views;

        List<List<IEvent>> missing = [];
        using var batch = new Npgsql.NpgsqlBatch();
        foreach (var (reader, streamIds, isWhole) in wanted)
            reader.AddRead(batch, tenantId, streamIds, isWhole);

        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            foreach (var (reader, _, _) in wanted)
            {
                var (ofReader, missingOfReader) = await reader.ReadAsync(rows, tenantId, cancellationToken).ConfigureAwait(false);
                views.Add(ofReader);
                missing.AddRange(missingOfReader);
            }
        }

        await personalData.OpenAsync(missing, cancellationToken).ConfigureAwait(false);
        return views;
    }

    private static DocumentChange? Fold(Concern concern, FetchedView view, List<IEvent> events, JsonWriter payloads)
    {
        var type = concern.Reader.Type;
        var id = type.Document!.Convert(concern.StreamId);
        var aggregate = view.Json is null ? null : DocumentReader.Read(type.Document, id, view.Json);
        foreach (var @event in events)
            aggregate = type.Fold(aggregate, @event);

        if (aggregate is null)
            return view.HasRow ? DocumentChange.Delete(concern.Reader.Table, id) : null;

        // A document is found by the id of its stream, and has to be what was asked for.
        type.CheckId(aggregate, concern.StreamId);

        var source = new ViewSource(concern.StreamId, view.Stream.Version + concern.Turn.Stream.Count, concern.Turn.Rewrites, []);
        return DocumentChange.Write(concern.Reader.Table, DocumentChangeKind.StoreView, id, aggregate, payloads, source);
    }

    private readonly record struct Concern(SnapshotReader Reader, StreamTurn Turn)
    {
        public StreamId StreamId => Turn.Stream.StreamId;
    }

    private readonly record struct Wanted(SnapshotReader Reader, IReadOnlyList<StreamId> StreamIds, bool[] IsWhole);
}
