using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>The statement that moves a checkpoint, if it is where and whose the worker takes it to be.</summary>
internal static class CheckpointMove
{
    public static void AddTo(NpgsqlBatch batch, SqlIdentifier schema, Holding holding, Tenure tenure, long from, long to, WorkItem? last)
    {
        var range = holding.Range;
        var command = batch.Add($"select {schema}.{MoveCheckpointFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(range.Tenant, NpgsqlDbType.Text)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(range.Last, NpgsqlDbType.Smallint)
            .With(holding.Node, NpgsqlDbType.Uuid)
            .With(tenure.Epoch, NpgsqlDbType.Bigint)
            .With(tenure.Server, NpgsqlDbType.TimestampTz)
            .With(from, NpgsqlDbType.Bigint)
            .With(to, NpgsqlDbType.Bigint);

        // Where the event itself stands: a link has a position of its own, at which nobody would find it.
        if (last is not null)
            command.With(last.Event.Position, NpgsqlDbType.Bigint).With(last.Event.Id, NpgsqlDbType.Uuid);
        else
            command.WithNull(NpgsqlDbType.Bigint).WithNull(NpgsqlDbType.Uuid);
    }
}
