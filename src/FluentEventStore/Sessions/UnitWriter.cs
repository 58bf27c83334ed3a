using System.Runtime.ExceptionServices;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Writes a unit of work by itself: in one batch, or in two where its snapshots are folded under the locks of its streams.</summary>
internal sealed class UnitWriter(Append append)
{
    /// <param name="database">Where it is written: in a transaction of its own, or in one that has begun.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="inline">What inline projections write with it.</param>
    /// <param name="payloads">Where further JSON is written to.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="PostgresException">It was refused.</exception>
    public async Task<Commit> WriteAsync(Database database, DescribedUnit unit, InlineChanges inline, JsonWriter payloads, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        AddLocks(batch, unit, inline.Streams, isLocked: unit.Documents.Length > 0 || inline.RestOnStreams);
        AddWrites(batch, unit, inline, payloads);
        var commit = await database.WriteAsync(batch, row => ReadCommit(row, unit), cancellationToken).ConfigureAwait(false);
        return commit ?? Commit.WithoutEvents;
    }

    /// <summary>
    /// Writes a unit in its second form, for one whose snapshots moved between reading and writing: its streams are locked, then its snapshots are read and folded, so that it cannot happen again. Positions are drawn in the
    /// last batch alone; so nobody who reads the log is held back by the round trip between.
    /// </summary>
    /// <param name="database">Where it is written.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="folding">Its inline.</param>
    /// <param name="limit">How long to wait for a lock.</param>
    /// <param name="payloads">Where further JSON is written to.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns><see langword="null"/> where keys of personal data are not at hand: nothing is written, and they are to be fetched before another try.</returns>
    /// <exception cref="PostgresException">It was refused, or waited for a lock for too long.</exception>
    public async Task<Commit?> WriteLockedAsync(
        Database database, DescribedUnit unit, IInlineFolding folding, TimeSpan limit, JsonWriter payloads, CancellationToken cancellationToken)
    {
        PostgresException refusal;
        var transaction = await database.OpenUnitAsync(limit, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            try
            {
                return await WriteLockedAsync(transaction, unit, folding, payloads, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException failure)
            {
                refusal = failure;
            }
        }

        // Not while the connection is held: the explanation takes one, and there may be no other.
        await database.ExplainAsync(refusal, cancellationToken).ConfigureAwait(false);
        ExceptionDispatchInfo.Throw(refusal);
        return null;
    }

    private async Task<Commit?> WriteLockedAsync(
        UnitTransaction transaction, DescribedUnit unit, IInlineFolding folding, JsonWriter payloads, CancellationToken cancellationToken)
    {
        using var locking = new NpgsqlBatch();
        AddLocks(locking, unit, folded: null, isLocked: true);
        var results = folding.AddReads(locking);
        var rows = await transaction.BeginAsync(locking, results, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            await folding.ReadAsync(rows, cancellationToken).ConfigureAwait(false);

        if (folding.LacksKeys)
            return null;

        using var batch = new NpgsqlBatch();
        AddWrites(batch, unit, folding.Fold(payloads), payloads);
        return await transaction.EndAsync(batch, row => ReadCommit(row, unit), cancellationToken).ConfigureAwait(false) ?? Commit.WithoutEvents;
    }

    private static Commit? ReadCommit(NpgsqlDataReader row, DescribedUnit unit) => unit.Events is { } events ? Append.ReadCommit(row, events) : null;

    private void AddLocks(NpgsqlBatch batch, DescribedUnit unit, FoldedStreams? folded, bool isLocked)
    {
        if (unit.Events is { Keys: not null } encrypted)
            append.AddKeyCheck(batch, encrypted);

        // Who saves the same unit again waits for the first before anything else. Streams are locked before documents, everywhere, so that units
        // wait for each other instead of deadlocking; positions are drawn late.
        if (unit.Id is { } id)
            append.AddBegin(batch, id, unit.Origin.Timestamp);

        if (unit.Events is { ConcernsTags: true })
            append.AddBoundaries(batch, unit.Events);

        if (unit.Events is { Streams.Length: > 0 } events && (isLocked || !events.OnlyAppends))
            append.AddLock(batch, events, folded ?? new FoldedStreams(events.Streams.Length));
    }

    private void AddWrites(NpgsqlBatch batch, DescribedUnit unit, InlineChanges inline, JsonWriter payloads)
    {
        var (origin, events) = (unit.Origin, unit.Events);
        AddStreamChanges(batch, events, revives: true);
        if (unit.Documents.Length > 0 || inline.Changes.Count > 0)
            DocumentWriter.Add(batch, origin.TenantId, origin.Timestamp, [.. unit.Documents, .. inline.Changes], payloads);
        if (events is { EventIds.Length: > 0 })
            append.AddAppend(batch, events);
        if (events is { Tags.Length: > 0 })
            append.AddTags(batch, events);
        if (events is { LinkedIds.Length: > 0 })
            append.AddLinks(batch, events);

        AddStreamChanges(batch, events, revives: false);
        if (events is { Unborn.Length: > 0 })
            append.AddDropUnborn(batch, events);
        if (unit.Id is { } id)
            append.AddClose(batch, id, origin.TenantId, events);
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
