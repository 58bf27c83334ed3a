using System.Runtime.ExceptionServices;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>The only door to the server: opens connections, runs batches, and says what a failure means.</summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="explainMissingObject">
/// Called when a statement names a table or function that does not exist: throws a <see cref="SchemaMismatchException"/> where the schema is behind.
/// </param>
internal sealed class Database(ConnectionSource connections, Func<CancellationToken, Task> explainMissingObject)
{
    /// <summary>How long a batch may run; <see langword="null"/> for as long as the connection says.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    // The driver takes 0 for "without end".
    private int? TimeoutInSeconds => CommandTimeout is { } limit ? limit == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Ceiling(limit.TotalSeconds) : null;

    /// <summary>Runs a batch that reads, in one round trip. The returned reader holds the connection until it is disposed.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Prepare(batch, connection);
            return await batch.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            await ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
            throw;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a batch, in one round trip, and takes every row of its results, up to the last: what a batch writes counts only once that is read.</summary>
    public async Task<List<TResult>> ReadAllAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, TResult> read, CancellationToken cancellationToken)
    {
        List<TResult> all = [];
        var rows = await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            do
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    all.Add(read(rows));
            }
            while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));
        }

        return all;
    }

    /// <summary>Runs a batch that reads, in one round trip, and takes the first row of its first result; <see langword="default"/> where there is none.</summary>
    public async Task<TResult?> ReadFirstAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, TResult> read, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            return await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(rows) : default;
    }

    /// <summary>
    /// Runs a batch that writes: one round trip, without an explicit BEGIN, so that the server runs it as one transaction and commits it at its end.
    /// </summary>
    /// <param name="batch">The statements.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements; nothing is written then, unless the outcome is unknown.</param>
    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the batch was sent.</exception>
    public async Task<TResult?> WriteAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, TResult?> read, CancellationToken cancellationToken)
    {
        // Opened apart from the execution: what fails here has sent nothing.
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            Prepare(batch, connection);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await batch.ReadToTheEndAsync(read, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (!SqlStates.LeavesOutcomeUnknown(failure.SqlState))
            {
                await ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
                throw;
            }
            catch (OperationCanceledException canceled) when (canceled.InnerException is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled })
            {
                // The server confirmed that it stopped the statement, so nothing is written.
                throw;
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or IOException or TimeoutException
                || connection.State != System.Data.ConnectionState.Open)
            {
                // The driver closes a connection whose messages it lost track of and throws a plain Exception: seen when a cancellation meets the end of a batch.
                throw new CommitOutcomeUnknownException(failure);
            }
        }
    }

    /// <summary>Begins a transaction of several round trips with a statement.</summary>
    public Task<BulkTransaction> BeginBulkAsync(string sql, CancellationToken cancellationToken) =>
        BulkTransaction.BeginAsync(connections, TimeoutInSeconds, sql, cancellationToken);

    /// <summary>Throws what a failure of the server means where the schema is behind; returns otherwise.</summary>
    /// <exception cref="SchemaMismatchException">The schema is behind.</exception>
    public Task ExplainMissingObjectAsync(PostgresException failure, CancellationToken cancellationToken) =>
        SqlStates.NamesMissingObject(failure.SqlState) ? explainMissingObject(cancellationToken) : Task.CompletedTask;

    private void Prepare(NpgsqlBatch batch, NpgsqlConnection connection)
    {
        batch.Connection = connection;
        batch.Timeout = TimeoutInSeconds ?? batch.Timeout;
    }

    private async Task ExplainAsync(PostgresException failure, CancellationToken cancellationToken)
    {
        if (!SqlStates.NamesMissingObject(failure.SqlState))
            return;

        await explainMissingObject(cancellationToken).ConfigureAwait(false);
        ExceptionDispatchInfo.Throw(failure);
    }
}
