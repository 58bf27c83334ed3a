using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>
/// A transaction of several round trips, for what a batch cannot hold: rows that are copied. It ends with its last batch, or is rolled
/// back.
/// </summary>
internal sealed class BulkTransaction : IAsyncDisposable
{
    private readonly ConnectionSource _connections;
    private readonly NpgsqlConnection _connection;
    private readonly int? _timeout;

    private BulkTransaction(ConnectionSource connections, NpgsqlConnection connection, int? timeout) =>
        (_connections, _connection, _timeout) = (connections, connection, timeout);

    /// <summary>Begins, and runs a first statement in the same round trip.</summary>
    /// <param name="connections">Where the connection comes from.</param>
    /// <param name="timeout">How many seconds each round trip may take; <see langword="null"/> for as long as the connection says.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public static async Task<BulkTransaction> BeginAsync(
        ConnectionSource connections, int? timeout, string sql, CancellationToken cancellationToken)
    {
        var transaction = new BulkTransaction(connections, await connections.OpenAsync(cancellationToken).ConfigureAwait(false), timeout);
        try
        {
            using var batch = transaction._connection.CreateBatch();
            transaction.Limit(batch);
            batch.Add("begin isolation level read committed");

            // Rows are copied while the transaction before is being written. That may take its time, but locks nothing.
            batch.Add("select pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)");
            batch.Add(sql);
            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);

            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Copies rows in binary form.</summary>
    /// <param name="sql">A COPY … FROM STDIN (FORMAT BINARY).</param>
    /// <param name="write">Writes all rows.</param>
    /// <param name="cancellationToken">Cancels; the transaction can then only be disposed.</param>
    public async Task CopyAsync(string sql, Func<NpgsqlBinaryImporter, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var importer = await _connection.BeginBinaryImportAsync(sql, cancellationToken).ConfigureAwait(false);
        await using (importer.ConfigureAwait(false))
        {
            if (_timeout is { } seconds)
                importer.Timeout = TimeSpan.FromSeconds(seconds);

            await write(importer, cancellationToken).ConfigureAwait(false);
            await importer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Runs a last batch and commits, in one round trip, so that locks of the batch are held no longer than the server needs.
    /// </summary>
    /// <param name="batch">The statements.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <inheritdoc cref="Committing.RunAsync" path="/exception"/>
    public async Task<TResult?> CommitAsync<TResult>(
        NpgsqlBatch batch, Func<NpgsqlDataReader, TResult?> read, CancellationToken cancellationToken)
    {
        batch.Connection = _connection;
        Limit(batch);
        batch.Add("commit");
        return await Committing
            .RunAsync(_connections, _connection, batch, read, static (row, read) => read(row), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Gives the connection back; the pool rolls back what is not committed.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Limit(NpgsqlBatch batch) => batch.Timeout = _timeout ?? batch.Timeout;
}
