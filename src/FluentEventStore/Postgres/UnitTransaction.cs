using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>
/// A transaction of two round trips: the first locks and reads, the second writes and ends it. If it is disposed before that, nothing is
/// written.
/// </summary>
internal abstract class UnitTransaction : IAsyncDisposable
{
    /// <summary>Begins with a batch.</summary>
    /// <param name="batch">Statements that lock, and then those that read; each has a result.</param>
    /// <param name="results">How many results, at the end of the batch, are read.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>The results, positioned at the first that is read. Dispose it before the transaction is ended.</returns>
    /// <exception cref="PostgresException">The server refused, or a lock was not granted within the limit.</exception>
    public abstract Task<NpgsqlDataReader> BeginAsync(NpgsqlBatch batch, int results, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a last batch and ends the transaction, in one round trip, so that locks are held no longer than the server needs.
    /// </summary>
    /// <param name="batch">The statements.</param>
    /// <param name="state">What <paramref name="read"/> is given.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the batch was sent.</exception>
    public abstract ValueTask<TResult?> EndAsync<TState, TResult>(
        NpgsqlBatch batch, TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Runs a first batch, and moves on to the results that are read. Of its statements, only the first, which begins the transaction, has
    /// no result.
    /// </summary>
    protected static async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, int results, CancellationToken cancellationToken)
    {
        var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var others = batch.BatchCommands.Count - 1 - results; others > 0; others--)
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);

            return rows;
        }
        catch
        {
            await rows.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
