using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Writes the checkpoint of a pulled range, and what else its row holds, and tells the worker what became of it. Of a transient
/// subscription there is none.
/// </summary>
internal sealed class PullCheckpoint(Workplace place, Holding holding, PullWorker worker, Lock gate, bool isTransient)
{
    private long? _actualEpoch;

    /// <summary>The epoch that the range has, as it was seen last; <see langword="null"/> if it is gone.</summary>
    public long? ActualEpoch
    {
        get
        {
            lock (gate)
                return _actualEpoch;
        }

        set
        {
            lock (gate)
                _actualEpoch = value;
        }
    }

    private Tenure Tenure
    {
        get
        {
            lock (gate)
                return worker.Tenure;
        }
    }

    private long Epoch => Tenure.Epoch;

    /// <summary>Writes what was answered. It is compared first, so that nobody waits for the row while holding others.</summary>
    /// <exception cref="Exception">Nothing was written, and it may be tried again.</exception>
    public async Task WriteAsync(PullCommit commit, Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        if (isTransient)
        {
            Tell(() => worker.Committed(now()));
            return;
        }

        if (commit.IsFlush)
        {
            await FlushAsync(commit, now, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var batch = new NpgsqlBatch();
        AddTo(batch, commit);
        await place.Writers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await place.Database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
            Tell(() => worker.Committed(now()));
            place.Moved.Set();
            foreach (var given in commit.GivenUp.Where(static given => given.Due is null))
                SubscriptionLog.GivenUp(
                    place.Database.Telemetry, holding.Range, given.How, place.Describe(given.Item, given.Failure, given.Attempts));
        }
        catch (PostgresException refused) when (refused.SqlState == SqlStates.Fenced)
        {
            Refuse(Refusal.Of(refused));
        }
        catch (PostgresException refused) when (refused.SqlState == SqlStates.ParkedMoved)
        {
            Tell(() => worker.Mistaken(isStale: true));
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            Lose(unknown, now());
        }
        finally
        {
            place.Writers.Release();
        }
    }

    /// <summary>Draws a new epoch.</summary>
    /// <returns>Up to where events count as replayed; <see langword="null"/> if the range is another's now.</returns>
    public async Task<long?> RaiseAsync(Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        var claim = await place.Rows.RaiseAsync(holding.Range, Epoch, cancellationToken).ConfigureAwait(false);
        Tell(() =>
        {
            if (claim is null)
                worker.End(RunEnd.Fenced);
            else if (claim.Server != worker.Tenure.Server)
                worker.End(RunEnd.ServerChanged);
            else
                worker.Continue(claim, now());
        });
        return claim?.ReplayedTo;
    }

    /// <summary>Notes why the range does not go on, and gives it up with that.</summary>
    public async Task FailAsync(SubscriptionFailure failure, CancellationToken cancellationToken)
    {
        if (!isTransient)
            await place.Rows.FailAsync(holding.Range, Epoch, RowState.Faulted, FailureJson.Write(failure), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Gives the range to whoever wants it.</summary>
    public async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        if (isTransient)
            return;

        try
        {
            await place.Rows.GiveUpAsync(holding.Range, Epoch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The lease of the node runs out instead.
        }
    }

    private async Task FlushAsync(PullCommit commit, Func<TimeSpan> now, CancellationToken cancellationToken)
    {
        try
        {
            var move = new FlushMove(holding, Tenure, commit.From, commit.To);
            var flushed = await place.Flush.MoveAsync(move, cancellationToken).ConfigureAwait(false);
            if (flushed.IsMoved)
                Tell(() => worker.Committed(now()));
            else if (flushed.Refusal is { } refusal)
                Refuse(refusal);
            else
                Tell(() => worker.PutOff(now()));

            place.Moved.Set();
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            Lose(unknown, now());
        }
    }

    private void Lose(CommitOutcomeUnknownException unknown, TimeSpan now)
    {
        SubscriptionLog.OutcomeUnknown(place.Database.Telemetry, holding.Range, Epoch, unknown);
        Tell(() => worker.Lost(now));
    }

    private void AddTo(NpgsqlBatch batch, PullCommit commit)
    {
        CheckpointMove.AddTo(batch, place.Schema, holding, Tenure, commit.From, commit.To, commit.Last);

        // A single statement locks its keys in order by itself.
        var parked = commit.GivenUp.Where(static given => given.How == FailedEvent.Park).Select(static given => given.Item.Key).ToList();
        if (parked.Count > 0 && parked.Count + commit.Moves.Count > 1)
            place.Parked.AddLocks(batch, holding.Range, [.. parked, .. commit.Moves.Select(static move => move.Key)]);

        // Moves compare what keys wait from: an event that is given up may move one on from there.
        if (commit.Moves.Count > 0)
            place.Parked.AddMoves(batch, holding.Range, commit.Moves, (item, failure) => place.Describe(item, failure, 1));

        foreach (var given in commit.GivenUp)
        {
            place.Parked.AddGivenUp(
                batch,
                holding.Range,
                given.Item,
                given.How,
                place.Describe(given.Item, given.Failure, given.Attempts),
                given.Due,
                given.Read);
        }
    }

    private void Refuse(Refusal refusal) => Tell(() =>
    {
        _actualEpoch = refusal.Epoch;
        if (place.EndBy(refusal, holding.Range, worker.Epoch) is { } end)
            worker.End(end);
        else
            worker.Mistaken(isStale: false);
    });

    private void Tell(Action what)
    {
        lock (gate)
            what();
    }
}
