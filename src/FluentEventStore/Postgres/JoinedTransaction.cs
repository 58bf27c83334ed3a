using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Runs batches in a transaction that the caller has begun and will end. What is written counts once that is committed.</summary>
internal sealed class JoinedTransaction(
    NpgsqlTransaction transaction, SameDatabase same, ConnectionSource connections, Func<CancellationToken, Task> explainMissingObject)
    : Database(connections, explainMissingObject)
{
    private const string Savepoint = "fluent_event_store";

    // Once the unit is written, settings of the transaction are reset to the caller's. A rollback to the savepoint restores them by itself.
    private const string Enter =
        "select pg_catalog.set_config('fes.enable_seqscan', pg_catalog.current_setting('enable_seqscan'), true), "
            + "pg_catalog.set_config('fes.jit', pg_catalog.current_setting('jit'), true)";

    private const string Leave =
        "select pg_catalog.set_config('enable_seqscan', pg_catalog.current_setting('fes.enable_seqscan'), true), "
            + "pg_catalog.set_config('jit', pg_catalog.current_setting('fes.jit'), true)";

    private bool _isChecked;

    /// <exception cref="InvalidOperationException">The transaction has ended, or is one of another database.</exception>
    public override async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await JoinAsync(batch, cancellationToken).ConfigureAwait(false);
        try
        {
            return await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure)
        {
            await ExplainAsync(failure, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Runs a batch that writes, behind a savepoint. If it is refused, the transaction is as it was before and can still be used.
    /// </summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public override async ValueTask<TResult?> WriteAsync<TState, TResult>(
        NpgsqlBatch batch, TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken)
        where TResult : default
    {
        batch.BatchCommands.Insert(0, new NpgsqlBatchCommand($"savepoint {Savepoint}"));
        batch.BatchCommands.Insert(1, new NpgsqlBatchCommand(Enter));
        batch.Add(Leave);
        batch.Add($"release savepoint {Savepoint}");
        var connection = await JoinAsync(batch, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await batch.ReadToTheEndAsync(state, read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (connection.State == System.Data.ConnectionState.Open)
        {
            // Not cancelled: what the caller does next rests on it.
            await UndoAsync(connection, CancellationToken.None).ConfigureAwait(false);
            if (failure is PostgresException refusal)
                await ExplainAsync(refusal, cancellationToken).ConfigureAwait(false);

            throw;
        }
    }

    /// <summary>
    /// The caller's transaction again, behind the same savepoint. Its waits for locks are limited only by the time that a batch may run: a
    /// lock timeout would apply to the caller too.
    /// </summary>
    public override Task<UnitTransaction> OpenUnitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult<UnitTransaction>(new Unit(this));

    private async ValueTask<NpgsqlConnection> JoinAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        // A transaction that has ended throws here, when it is asked for its isolation level.
        _ = transaction.IsolationLevel;
        var connection = transaction.Connection
            ?? throw new InvalidOperationException("The transaction of the session has no connection any more.");
        if (!_isChecked)
        {
            await same.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            _isChecked = true;
        }

        Prepare(batch, connection);
        batch.Transaction = transaction;
        return connection;
    }

    private async Task UndoAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            using var undo = connection.CreateBatch();
            undo.Transaction = transaction;
            undo.Add($"rollback to savepoint {Savepoint}");
            undo.Add($"release savepoint {Savepoint}");
            await undo.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The transaction cannot go on, but the refusal of the unit says more than that.
        }
    }

    private sealed class Unit(JoinedTransaction joined) : UnitTransaction
    {
        private NpgsqlConnection? _begun;

        public override async Task<NpgsqlDataReader> BeginAsync(NpgsqlBatch batch, int results, CancellationToken cancellationToken)
        {
            batch.BatchCommands.Insert(0, new NpgsqlBatchCommand($"savepoint {Savepoint}"));
            batch.BatchCommands.Insert(1, new NpgsqlBatchCommand(Enter));
            var connection = await joined.JoinAsync(batch, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            _begun = connection;
            return await ReadAsync(batch, results, cancellationToken).ConfigureAwait(false);
        }

        public override async ValueTask<TResult?> EndAsync<TState, TResult>(
            NpgsqlBatch batch, TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken)
            where TResult : default
        {
            batch.Add(Leave);
            batch.Add($"release savepoint {Savepoint}");
            await joined.JoinAsync(batch, cancellationToken).ConfigureAwait(false);
            var result = await batch.ReadToTheEndAsync(state, read, cancellationToken).ConfigureAwait(false);
            _begun = null;
            return result;
        }

        /// <summary>Takes back what was not ended.</summary>
        public override async ValueTask DisposeAsync()
        {
            // Not cancelled: what the caller does next rests on it.
            if (_begun is { State: System.Data.ConnectionState.Open } connection)
                await joined.UndoAsync(connection, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
