using System.Globalization;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>The transaction of a unit that is committed by itself.</summary>
internal sealed class OwnUnitTransaction(
    ConnectionSource connections, NpgsqlConnection connection, Action<NpgsqlBatch> prepare, TimeSpan limit) : UnitTransaction
{
    public override async Task<NpgsqlDataReader> BeginAsync(NpgsqlBatch batch, int results, CancellationToken cancellationToken)
    {
        // The isolation that units have, whatever the role's default is: each statement sees what was committed before it.
        batch.BatchCommands.Insert(0, new NpgsqlBatchCommand("begin isolation level read committed"));
        if (limit != Timeout.InfiniteTimeSpan)
        {
            var milliseconds = Math.Clamp(limit.TotalMilliseconds, 1, int.MaxValue);
            var command = new NpgsqlBatchCommand("select set_config('lock_timeout', $1, true)").WithText(
                milliseconds.ToString("0", CultureInfo.InvariantCulture));
            batch.BatchCommands.Insert(1, command);
        }

        prepare(batch);
        try
        {
            return await ReadAsync(batch, results, cancellationToken).ConfigureAwait(false);
        }
        catch when (connection.State != System.Data.ConnectionState.Open)
        {
            connections.Lost();
            throw;
        }
    }

    public override ValueTask<TResult?> EndAsync<TState, TResult>(
        NpgsqlBatch batch, TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken)
        where TResult : default
    {
        batch.Add("commit");
        prepare(batch);
        return Committing.RunAsync(connections, connection, batch, state, read, cancellationToken);
    }

    /// <summary>Gives the connection back; the pool rolls back what is not committed.</summary>
    public override ValueTask DisposeAsync() => connection.DisposeAsync();
}
