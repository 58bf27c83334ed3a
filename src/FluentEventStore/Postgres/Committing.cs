using System.Data;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Runs a batch at whose end the server commits, and says what a failure tells of the commit.</summary>
internal sealed class Committing
{
    /// <summary>What the server calls the place where a commit waits for standbys. The text of its message is translated, this is not.</summary>
    private const string WaitForStandby = "SyncRepWaitForLSN";

    private bool _isWaitGivenUp;

    private Committing()
    {
    }

    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="OperationCanceledException">The server stopped the statement: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">Anything else went wrong, or the server committed without its synchronous standby.</exception>
    public static async Task<TResult?> RunAsync<TResult>(
        ConnectionSource connections, NpgsqlConnection connection, NpgsqlBatch batch, Func<NpgsqlDataReader, TResult?> read, CancellationToken cancellationToken)
    {
        var committing = new Committing();
        connection.Notice += committing.OnNotice;
        TResult? result;
        try
        {
            result = await batch.ReadToTheEndAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!committing.TellsThatNothingIsWritten(failure, connection))
        {
            if (connection.State != ConnectionState.Open)
                connections.Lost();

            throw new CommitOutcomeUnknownException(failure, committing._isWaitGivenUp);
        }
        finally
        {
            connection.Notice -= committing.OnNotice;
        }

        return committing._isWaitGivenUp ? throw new CommitOutcomeUnknownException(innerException: null, isCommittedLocally: true) : result;
    }

    private void OnNotice(object sender, NpgsqlNoticeEventArgs e) => _isWaitGivenUp |= e.Notice.Routine == WaitForStandby;

    private bool TellsThatNothingIsWritten(Exception failure, NpgsqlConnection connection) => !_isWaitGivenUp && failure switch
    {
        PostgresException refusal => !SqlStates.LeavesOutcomeUnknown(refusal),

        // The server confirmed that it stopped the statement.
        OperationCanceledException { InnerException: PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } } => true,
        NpgsqlException or OperationCanceledException or IOException or TimeoutException => false,

        // The driver closes a connection whose messages it lost track of and throws a plain Exception: seen when a cancellation meets the end of a batch.
        _ => connection.State == ConnectionState.Open,
    };
}
