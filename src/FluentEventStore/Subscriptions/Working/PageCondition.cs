using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>The statements that move a checkpoint, and what else is done with that: what a page is written on condition of.</summary>
internal sealed class PageCondition(
    SqlIdentifier schema,
    ParkedRows parked,
    Holding holding,
    long epoch,
    WorkStep.Commit commit,
    Func<WorkItem, WorkFailure, int, SubscriptionFailure> describe) : IUnitCondition
{
    public void AddTo(NpgsqlBatch batch)
    {
        var range = holding.Range;
        var command = batch.Add($"select {schema}.{MoveCheckpointFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(range.Last, NpgsqlDbType.Smallint)
            .With(holding.Node, NpgsqlDbType.Uuid)
            .With(epoch, NpgsqlDbType.Bigint)
            .With(commit.From, NpgsqlDbType.Bigint)
            .With(commit.To, NpgsqlDbType.Bigint);
        if (commit.Last is { } last)
            command.With(last.Position, NpgsqlDbType.Bigint).With(last.Event.Id, NpgsqlDbType.Uuid);
        else
            command.WithNull(NpgsqlDbType.Bigint).WithNull(NpgsqlDbType.Uuid);

        if (commit.GivenUp is { } given)
            parked.AddGivenUp(batch, range, given.Item, given.How, describe(given.Item, given.Failure, given.Calls));

        if (commit.Moves.Count > 0)
            parked.AddMoves(batch, range, commit.Moves, (item, failure) => describe(item, failure, 1));
    }
}
