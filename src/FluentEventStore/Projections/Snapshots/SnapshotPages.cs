using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.Sessions;

namespace FluentEventStore.Projections;

/// <summary>Keeps an aggregate as documents from pages of the log.</summary>
/// <remarks>
/// What a page holds is folded onto what the rows hold. A row that holds it already, since its stream was folded inline or by a page
/// before, stays as it is.
/// </remarks>
internal sealed class SnapshotPages(AggregateType type)
{
    public async Task HandleAsync(
        IReadOnlyList<IEvent> events, SubscriptionContext context, CancellationToken cancellationToken)
    {
        var session = (PageSession)context.Session;
        var kept = (KeptSnapshots)session.Source.KeptSnapshots;
        var reader = kept.ReaderOf(type.ClrType);
        var streams = Sort(events);
        StreamId[] streamIds = [.. streams.Keys];
        if (streamIds.Length == 0)
            return;

        var snapshots = await kept
            .FetchForPageAsync(
                reader,
                session.TenantId,
                streamIds,
                Array.ConvertAll(streamIds, stream => streams[stream][0].Version),
                cancellationToken)
            .ConfigureAwait(false);

        List<(StreamFold Fold, SnapshotSource Source)> folds = [];
        for (var index = 0; index < streamIds.Length; index++)
        {
            var (stream, snapshot) = (streamIds[index], snapshots[index]);
            if (snapshot.Stream is { Key: 0 } or { IsHidden: true } or { IsLinked: true })
                continue;

            var missing = snapshot.IsWhole ? snapshot.Missing : streams[stream].FindAll(@event => @event.Version > snapshot.Version);
            if (missing.Count == 0)
                continue;

            var source = new SnapshotSource(stream, missing[^1].Version, Rewrites: 0, [])
            {
                Read = (snapshot.Stream.Key, snapshot.Stream.Rewritten),
            };
            folds.Add((new StreamFold(reader, reader.Table.Type.Convert(stream), snapshot).Run(missing), source));
        }

        if (folds.Count > 0)
            session.Derive(payloads =>
            [
                .. folds.Select(one => one.Fold.Describe(DocumentChangeKind.AdvanceSnapshot, one.Source, payloads))
                    .OfType<DocumentChange>(),
            ]);
    }

    private Dictionary<StreamId, List<IEvent>> Sort(IReadOnlyList<IEvent> events)
    {
        var streams = new Dictionary<StreamId, List<IEvent>>();
        foreach (var @event in events)
        {
            if (streams.TryGetValue(@event.StreamId, out var known))
                known.Add(@event);
            else if (type.Document!.CanConvert(@event.StreamId))
                streams.Add(@event.StreamId, [@event]);
        }

        return streams;
    }
}
