using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>A transaction of two round trips: the first locks and reads, the second writes and commits. Without the second nothing is written.</summary>
internal sealed class UnitTransaction(Database database, NpgsqlConnection connection) : IAsyncDisposable
{
    /// <summary>Begins a batch that begins the transaction: no lock is waited for longer than a limit.</summary>
    /// <param name="limit">At least a millisecond; <see cref="Timeout.InfiniteTimeSpan"/> waits as long as the batch may run.</param>
    public static NpgsqlBatch Begin(TimeSpan limit)
    {
        var batch = new NpgsqlBatch();
        batch.Add("begin isolation level read committed");
        if (limit != Timeout.InfiniteTimeSpan)
            batch.Add("select set_config('lock_timeout', $1, true)").WithText(((int)Math.Max(1, limit.TotalMilliseconds)).ToString(System.Globalization.CultureInfo.InvariantCulture));

        return batch;
    }

    /// <summary>Runs the first batch.</summary>
    /// <param name="batch">What <see cref="Begin"/> made, with statements that lock, and then those that read.</param>
    /// <param name="results">How many results at the end of the batch are those that are read.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>The results, at the first that is read. To be disposed before the next batch.</returns>
    /// <exception cref="PostgresException">The server refused, or a lock was not granted within the limit.</exception>
    public async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, int results, CancellationToken cancellationToken)
    {
        database.Prepare(batch, connection);
        try
        {
            var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            for (var others = batch.BatchCommands.Count - 1 - results; others > 0; others--)
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);

            return rows;
        }
        catch (PostgresException failure)
        {
            await database.ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs the second batch and commits, in one round trip: whatever it locks is held no longer than the server needs.</summary>
    /// <param name="batch">The statements.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the batch was sent.</exception>
    public async Task<TResult?> CommitAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, TResult?> read, CancellationToken cancellationToken)
    {
        batch.Add("commit");
        try
        {
            return await database.WriteAsync(connection, batch, read, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            await database.ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives the connection back; the pool rolls back what is not committed.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
