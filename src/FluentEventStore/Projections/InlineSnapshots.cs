using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
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

    public bool Keeps(Type aggregateType) => _readers.ContainsKey(aggregateType);

    public async Task<IReadOnlyList<FetchedView>> FetchAsync(
        Type aggregateType, TenantId tenantId, IReadOnlyList<StreamId> streamIds, CancellationToken cancellationToken)
    {
        var groups = await ReadAsync([new Wanted(_readers[aggregateType], streamIds, new bool[streamIds.Count])], tenantId, cancellationToken).ConfigureAwait(false);
        return groups[0];
    }

    public async Task<FoldedViews> FoldAsync(EventUnit unit, FetchedViews fetched, CancellationToken cancellationToken)
    {
        if (_readers.Count == 0)
            return FoldedViews.None;

        var concerns = FindConcerns(unit);
        if (concerns.Count == 0)
            return FoldedViews.None;

        var views = await FetchAsync(concerns, unit.TenantId, fetched, cancellationToken).ConfigureAwait(false);
        var streams = new FoldedStreams(unit.Streams.Length);
        var changes = new List<DocumentChange>(concerns.Count);
        foreach (var concern in concerns)
        {
            var view = views[concern];

            if (view.Stream.IsLinked)
                continue;

            if (view.Stream.IsHidden && !concern.Turn.Revives)
            {
                // The unit is refused for that, unless somebody else shows the stream again before: then it is read anew.
                if (concern.Turn.Events.Any())
                    streams.Refuse(concern.Turn.Ordinal);

                continue;
            }

            streams.Expect(concern.Turn.Ordinal, view.Stream);
            if (Fold(concern, view) is { } change)
                changes.Add(change);
        }

        return new FoldedViews(streams, changes);
    }

    /// <summary>
    /// A snapshot concerns a stream that gets an event it handles, and one whose past is changed or shown again, unless its id is one that the aggregate's documents cannot have.
    /// </summary>
    private List<Concern> FindConcerns(EventUnit unit)
    {
        var events = unit.Events.ToLookup(static pending => pending.Stream);
        List<Concern> concerns = [];
        foreach (var stream in unit.Streams)
        {
            var turn = new StreamTurn(unit, stream, events[stream]);
            if (!turn.LeavesSnapshots)
                continue;

            foreach (var reader in _readers.Values)
            {
                if ((turn.FoldsAnew || turn.Events.Any(pending => MayHandle(reader.Type, pending))) && CanKeep(reader, stream))
                    concerns.Add(new Concern(reader, turn));
            }
        }

        return concerns;
    }

    // What an old shape is folded as is known only when it is upcast: with the version that the stream turns out to be at.
    private static bool MayHandle(AggregateType type, PendingEvent pending) =>
        pending.Type.Current != pending.Type || type.Handles(pending.Data);

    private static bool CanKeep(SnapshotReader reader, PendingStream stream)
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

    private static DocumentChange? Fold(Concern concern, FetchedView view)
    {
        var type = concern.Reader.Type;
        var id = type.Document!.Convert(concern.StreamId);
        var aggregate = view.Json is null ? null : DocumentReader.Read(type.Document, id, view.Json);
        foreach (var @event in concern.Turn.Play(view.Missing, view.Stream.Version))
            aggregate = type.Fold(aggregate, @event);

        if (aggregate is null)
            return view.HasRow ? new DocumentChange(concern.Reader.Table, DocumentChangeKind.Delete, id, null) : null;

        var source = new ViewSource(concern.StreamId, view.Stream.Version + concern.Turn.Events.Count(), concern.Turn.Rewrites, []);
        return new DocumentChange(concern.Reader.Table, DocumentChangeKind.StoreView, id, aggregate, source);
    }

    private readonly record struct Concern(SnapshotReader Reader, StreamTurn Turn)
    {
        public StreamId StreamId => Turn.Stream.StreamId;
    }

    private readonly record struct Wanted(SnapshotReader Reader, IReadOnlyList<StreamId> StreamIds, bool[] IsWhole);
}
