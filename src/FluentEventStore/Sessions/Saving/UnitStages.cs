using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Messages;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>
/// The parts of a unit of work, in the order in which they are sent. Everywhere, checkpoints are locked before tags, tags before
/// streams, streams before reservations, those before documents and documents before messages, so that units wait for each other instead
/// of deadlocking. Positions are drawn as late as possible.
/// </summary>
/// <param name="statements">What concerns events.</param>
/// <param name="messages">Writes messages.</param>
/// <param name="holdSnapshots">Keeps daemons from writing snapshots until the unit ends.</param>
internal sealed class UnitStages(UnitStatements statements, MessageWriter messages, Action<NpgsqlBatch> holdSnapshots)
{
    /// <summary>What locks and checks.</summary>
    public IReadOnlyList<UnitStage> Locking => field ??=
    [
        new("condition", static (batch, sent) => sent.Unit.Condition?.AddTo(batch)),
        new("snapshots", AddHold),
        new("keys", AddKeys),
        new("claim", AddClaim),
        new("boundaries", AddBoundaries),
        new("locks", AddLocks),
    ];

    /// <summary>What writes.</summary>
    public IReadOnlyList<UnitStage> Writing => field ??=
    [
        new("revivals", AddRevivals),
        new("reservations", AddReservations),
        new("documents", AddDocuments),
        new("messages", AddMessages),
        new("append", AddAppend),
        new("tags", AddTags),
        new("links", AddLinks),
        new("changes", AddChanges),
        new("unborn", AddUnborn),
        new("close", AddClose),
    ];

    /// <summary>
    /// A page of the daemon that was read before this changes what a stream holds, and is written after it, would leave a snapshot that
    /// nobody removes.
    /// </summary>
    private void AddHold(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Changes.Length: > 0 } or { LinkedIds.Length: > 0 })
            holdSnapshots(batch);
    }

    /// <summary>Compares the keys of personal data, before anything is locked.</summary>
    private void AddKeys(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Keys: not null } encrypted)
            statements.AddKeyCheck(batch, encrypted);
    }

    /// <summary>Claims the id of the unit: another attempt to save the same unit waits for the first.</summary>
    private void AddClaim(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Unit.Id is { } id)
            statements.AddBegin(batch, id, sent.Unit.Origin.Timestamp);
    }

    private void AddBoundaries(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { ConcernsTags: true } events)
            statements.AddBoundaries(batch, events);
    }

    private void AddLocks(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Streams.Length: > 0 } events && (sent.LocksStreams || !events.OnlyAppends))
            statements.AddLock(batch, events, sent.Inline.Streams ?? new FoldedStreams(events.Streams.Length));
    }

    private void AddRevivals(NpgsqlBatch batch, SentUnit sent) => AddStreamChanges(batch, sent.Events, revives: true);

    private void AddReservations(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { } events && ReserveStatement.IsNeededBy(events))
            statements.Reserve.Add(batch, events);
    }

    private static void AddDocuments(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Unit.Documents.Length > 0 || sent.Inline.Changes.Count > 0)
            DocumentWriter.Add(
                batch,
                sent.Unit.Origin.TenantId,
                sent.Unit.Origin.Timestamp,
                [.. sent.Unit.Documents, .. sent.Inline.Changes],
                sent.Payloads);
    }

    private void AddMessages(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Unit.Messages is { } unit)
            messages.Add(batch, sent.Unit.Origin.TenantId, sent.Unit.Origin.Timestamp, unit);
    }

    private void AddAppend(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Events.Length: > 0 } events)
            statements.AddAppend(batch, events);
    }

    private void AddTags(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Tags.Length: > 0 } events)
            statements.AddTags(batch, events);
    }

    private void AddLinks(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { LinkedIds.Length: > 0 } events)
            statements.AddLinks(batch, events);
    }

    private void AddChanges(NpgsqlBatch batch, SentUnit sent) => AddStreamChanges(batch, sent.Events, revives: false);

    private void AddUnborn(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Events is { Unborn.Length: > 0 } events)
            statements.AddDropUnborn(batch, events);
    }

    /// <summary>Keeps what the unit did, in case it is saved again.</summary>
    private void AddClose(NpgsqlBatch batch, SentUnit sent)
    {
        if (sent.Unit.Id is { } id)
            statements.AddClose(batch, id, sent.Unit.Origin.TenantId, sent.Events);
    }

    private void AddStreamChanges(NpgsqlBatch batch, EventUnit? unit, bool revives)
    {
        List<StreamChange> together = [];
        foreach (var change in unit?.Changes ?? [])
        {
            if (change.Revives != revives)
                continue;

            // Each compaction has a statement of its own, in its place among the others.
            if (change.Verb != StreamVerb.Compact)
            {
                together.Add(change);
                continue;
            }

            AddTogether();
            statements.AddCompaction(batch, unit!.TenantId, change);
        }

        AddTogether();

        void AddTogether()
        {
            if (together.Count > 0)
                statements.AddChanges(batch, unit!.TenantId, [.. together]);
            together.Clear();
        }
    }
}
