using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Writes what was handled of a page together with the checkpoint, in one round trip, and tells the worker what became of it.
/// </summary>
internal sealed class PageCommit(
    Workplace place,
    Holding holding,
    Worker worker,
    Handling handling,
    PageSpan span,
    Func<WorkItem?, WorkFailure, int, SubscriptionFailure> describe)
{
    /// <summary>Writes.</summary>
    /// <param name="commit">Where the checkpoint moves.</param>
    /// <param name="now">The time, by the clock of the worker.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Exception">Nothing was written, and it may be tried again.</exception>
    public async Task RunAsync(WorkStep.Commit commit, Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        if (commit.IsFlush)
        {
            await FlushAsync(commit, now, cancellationToken).ConfigureAwait(false);
            return;
        }

        span.Resume();
        var condition = new PageCondition(place.Schema, place.Parked, holding, worker.Tenure, commit, describe);
        await place.Writers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var isWritten = await WriteAsync(condition, cancellationToken).ConfigureAwait(false);
            if (isWritten)
                handling.Count();

            await handling.Undo().ConfigureAwait(false);
            span.End();
            if (isWritten && commit.GivenUp is var (item, how, failure, calls))
                SubscriptionLog.GivenUp(place.Database.Telemetry, holding.Range, how, describe(item, failure, calls));

            if (isWritten)
                worker.Committed(now());
            else if (commit.Count > 1)
                worker.FailedTogether(commit.Count, Known(), now());

            // Otherwise only the checkpoint is left to move, which is tried next.
            place.Moved.Set();
        }
        catch (PostgresException refused) when (refused.SqlState == SqlStates.Fenced)
        {
            await handling.Undo().ConfigureAwait(false);
            Refuse(Refusal.Of(refused));
        }
        catch (PostgresException refused) when (refused.SqlState is SqlStates.ParkedMoved or SqlStates.SnapshotMoved)
        {
            // What a projection folded its events onto is something else by now. That is no fault of an event: the page is read anew.
            await handling.Undo().ConfigureAwait(false);
            worker.Mistaken();
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            // A server that says why, such as a full disk, is no connection that breaks: other work would have met the same.
            var hadWork = handling.Touched is not null && unknown.InnerException is not PostgresException { InvariantSeverity: "ERROR" };
            await handling.Undo().ConfigureAwait(false);
            Lose(unknown, hadWork, now());
        }
        catch (Exception failure) when (handling.Touched is not null && !Passes(failure))
        {
            await handling.Undo().ConfigureAwait(false);
            worker.FailedTogether(commit.Count, new WorkFailure(FailureKind.WorkRefused, failure), now());
        }
        catch (Exception failure) when (handling.Touched is not null && Failures.IsOfTime(failure) && worker.TookTooLong())
        {
            await handling.Undo().ConfigureAwait(false);
            throw;
        }
        finally
        {
            place.Writers.Release();
        }
    }

    private static bool Passes(Exception failure) => Failures.IsOfDatabase(failure) || failure is OperationCanceledException;

    private static WorkFailure Known() =>
        new(FailureKind.WorkRefused, Exception: null, "What the handler did for one of the events is in the store already.");

    private async Task<bool> WriteAsync(PageCondition condition, CancellationToken cancellationToken)
    {
        if (handling.Touched is { } session)
            return await session.SaveAsync(condition, cancellationToken).ConfigureAwait(false);

        using var batch = new NpgsqlBatch();
        condition.AddTo(batch);
        await place.Database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task FlushAsync(WorkStep.Commit commit, Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        try
        {
            var move = new FlushMove(holding, worker.Tenure, commit.From, commit.To);
            var flushed = await place.Flush.MoveAsync(move, cancellationToken).ConfigureAwait(false);
            if (flushed.IsMoved)
                worker.Committed(now());
            else if (flushed.Refusal is { } refusal)
                Refuse(refusal);
            else
                worker.PutOff(now());

            place.Moved.Set();
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            Lose(unknown, hadWork: false, now());
        }
    }

    private void Lose(CommitOutcomeUnknownException unknown, bool hadWork, TimeSpan now)
    {
        SubscriptionLog.OutcomeUnknown(place.Database.Telemetry, holding.Range, worker.Epoch, unknown);
        var failure = new WorkFailure(
            FailureKind.WorkRefused, unknown, "The connection breaks again and again while what the handler did is committed.");
        worker.Lost(failure, hadWork, now);
    }

    private void Refuse(Refusal refusal)
    {
        if (place.EndBy(refusal, holding.Range, worker.Epoch) is { } end)
            worker.End(end);
        else
            worker.Mistaken();
    }
}
