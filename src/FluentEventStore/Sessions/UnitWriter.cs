using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Writes a unit of work by itself: one batch.</summary>
internal sealed class UnitWriter(Append append)
{
    /// <param name="database">Where it is written: in a transaction of its own, or in one that has begun.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="views">The views that are written with it.</param>
    /// <param name="payloads">Where further JSON is written to.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="PostgresException">It was refused.</exception>
    public async Task<Commit> WriteAsync(Database database, DescribedUnit unit, FoldedViews views, JsonWriter payloads, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        Fill(batch, unit, views, payloads);
        var commit = await database
            .WriteAsync(batch, row => unit.Events is { } events ? Append.ReadCommit(row, events) : null, cancellationToken)
            .ConfigureAwait(false);
        return commit ?? Commit.WithoutEvents;
    }

    private void Fill(NpgsqlBatch batch, DescribedUnit unit, FoldedViews views, JsonWriter payloads)
    {
        var (origin, id, events) = (unit.Origin, unit.Id, unit.Events);

        // Who saves the same unit again waits for the first before anything else. Streams are locked before documents, everywhere, so that units
        // wait for each other instead of deadlocking; positions are drawn late.
        if (id is { } unitId)
            append.AddBegin(batch, unitId, origin.Timestamp);

        if (events is { ConcernsTags: true })
            append.AddBoundaries(batch, events);

        IReadOnlyCollection<DocumentChange> documents = [.. unit.Documents, .. views.Changes];
        if (events is { Streams.Length: > 0 } && (documents.Count > 0 || !events.OnlyAppends))
            append.AddLock(batch, events, views.Streams ?? new FoldedStreams(events.Streams.Length));

        AddStreamChanges(batch, events, revives: true);
        if (documents.Count > 0)
            DocumentWriter.Add(batch, origin.TenantId, origin.Timestamp, documents, payloads);
        if (events is { EventIds.Length: > 0 })
            append.AddAppend(batch, events);
        if (events is { Tags.Length: > 0 })
            append.AddTags(batch, events);
        if (events is { LinkedIds.Length: > 0 })
            append.AddLinks(batch, events);

        AddStreamChanges(batch, events, revives: false);
        if (events is { Unborn.Length: > 0 })
            append.AddDropUnborn(batch, events);
        if (id is { } closedId)
            append.AddClose(batch, closedId, origin.TenantId, events);
    }

    private void AddStreamChanges(NpgsqlBatch batch, EventUnit? unit, bool revives)
    {
        List<StreamChange> together = [];
        foreach (var change in unit?.Changes ?? [])
        {
            if (change.Revives != revives)
                continue;

            // Compactions have a statement each, in their place among the others.
            if (change.Verb != StreamVerb.Compact)
            {
                together.Add(change);
                continue;
            }

            AddTogether();
            append.AddCompaction(batch, unit!.TenantId, change);
        }

        AddTogether();

        void AddTogether()
        {
            if (together.Count > 0)
                append.AddChanges(batch, unit!.TenantId, [.. together]);
            together.Clear();
        }
    }
}
