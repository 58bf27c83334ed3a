using System.Runtime.ExceptionServices;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Writes a unit of work by itself: in one batch, or in two if its snapshots are folded under the locks of its streams.</summary>
internal sealed class UnitWriter(UnitStages stages)
{
    /// <param name="database">Where it is written: in a transaction of its own, or in one that has begun.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="inline">What inline projections write with it.</param>
    /// <param name="payloads">Where further JSON is written to.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="PostgresException">It was refused.</exception>
    public async ValueTask<Commit> WriteAsync(
        Database database, DescribedUnit unit, InlineChanges inline, JsonWriter payloads, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        var locksStreams = unit is not { Documents: [], Messages: null } || inline.RestOnStreams;
        var sent = new SentUnit(unit, inline, locksStreams, payloads);
        Add(batch, stages.Locking, sent);
        Add(batch, stages.Writing, sent);
        var commit = await database.WriteAsync(batch, unit, ReadCommit, cancellationToken).ConfigureAwait(false);
        return commit ?? Commit.WithoutEvents;
    }

    /// <summary>
    /// Writes a unit in the second way, after its snapshots moved between reading and writing. Its streams are locked first, then its
    /// snapshots are read and folded, so that it cannot happen again. Positions are drawn in the last batch only, so the round trip between
    /// holds no reader of the log back.
    /// </summary>
    /// <param name="database">Where it is written.</param>
    /// <param name="sending">The unit, and what folds its inline snapshots.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="SnapshotConflictException">It waited for a lock for too long.</exception>
    /// <exception cref="PostgresException">It was refused.</exception>
    public async ValueTask<Commit> WriteLockedAsync(Database database, UnitSending sending, CancellationToken cancellationToken)
    {
        var folding = sending.Folding!;
        try
        {
            while (true)
            {
                if (await TryWriteLockedAsync(database, sending, folding, cancellationToken).ConfigureAwait(false) is { } commit)
                    return commit;

                await folding.FetchKeysAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new SnapshotConflictException(folding.Rows, sending.Patience.Spent);
        }
    }

    /// <summary>Reads what the events of a unit are folded onto, in one round trip, with the keys that it needs.</summary>
    public static async Task ReadAsync(Database database, IInlineFolding folding, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        if (folding.AddReads(batch, locks: false) == 0)
        {
            await folding.ReadAsync(rows: null, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                await folding.ReadAsync(rows, cancellationToken).ConfigureAwait(false);
        }

        await folding.FetchKeysAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <returns>
    /// <see langword="null"/> if keys of personal data are not at hand: nothing is written, and the keys must be fetched before another
    /// try.
    /// </returns>
    private async Task<Commit?> TryWriteLockedAsync(
        Database database, UnitSending sending, IInlineFolding folding, CancellationToken cancellationToken)
    {
        PostgresException refusal;
        var transaction = await database.OpenUnitAsync(sending.Patience.Left, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            try
            {
                return await WriteLockedAsync(transaction, sending.Unit, folding, sending.Payloads, cancellationToken)
                    .ConfigureAwait(false);
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
        var sent = new SentUnit(unit, InlineChanges.None, LocksStreams: true, payloads);
        Add(locking, stages.Locking, sent);
        var results = folding.AddReads(locking, locks: true);
        var rows = await transaction.BeginAsync(locking, results, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            await folding.ReadAsync(rows, cancellationToken).ConfigureAwait(false);

        if (folding.LacksKeys)
            return null;

        using var batch = new NpgsqlBatch();
        Add(batch, stages.Writing, sent with { Inline = folding.Fold(payloads) });
        return await transaction.EndAsync(batch, unit, ReadCommit, cancellationToken).ConfigureAwait(false) ?? Commit.WithoutEvents;
    }

    private static Commit? ReadCommit(NpgsqlDataReader row, DescribedUnit unit) =>
        unit.Events is { } events ? UnitStatements.ReadCommit(row, events) : null;

    private static void Add(NpgsqlBatch batch, IEnumerable<UnitStage> stages, SentUnit sent)
    {
        foreach (var stage in stages)
            stage.Add(batch, sent);
    }
}
