using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>The statements that move a checkpoint, and what else is done with that: what a page is written on condition of.</summary>
internal sealed class PageCondition(
    SqlIdentifier schema,
    ParkedRows parked,
    Holding holding,
    Tenure tenure,
    WorkStep.Commit commit,
    Func<WorkItem, WorkFailure, int, SubscriptionFailure> describe) : IUnitCondition
{
    /// <summary>
    /// How much the handler may write for several events in one transaction. With more, each event is handled by itself: a message to the
    /// server holds no more than a gigabyte, and whoever sends it needs several times its size.
    /// </summary>
    private const long MaxBytesOfPage = 64 << 20;

    public void CheckSize(long bytes)
    {
        if (commit.Count > 1 && bytes > MaxBytesOfPage)
            throw new InvalidOperationException(
                FormattableString.Invariant($"What the handler did for {commit.Count} events takes more than {MaxBytesOfPage} bytes."));
    }

    public void AddTo(NpgsqlBatch batch)
    {
        var range = holding.Range;
        CheckpointMove.AddTo(batch, schema, holding, tenure, commit.From, commit.To, commit.Last);
        if (commit.GivenUp is { } given)
            parked.AddGivenUp(batch, range, given.Item, given.How, describe(given.Item, given.Failure, given.Calls));

        if (commit.Moves.Count > 0)
            parked.AddMoves(batch, range, commit.Moves, (item, failure) => describe(item, failure, 1));
    }
}
