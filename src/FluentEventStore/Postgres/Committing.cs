using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>Runs a batch at whose end the server commits, and says what a failure means for the commit.</summary>
internal sealed class Committing
{
    /// <summary>
    /// What the server calls the place where a commit waits for standbys. Unlike the text of its message, this is never translated.
    /// </summary>
    private const string WaitForStandby = "SyncRepWaitForLSN";

    private readonly NoticeEventHandler _onNotice;
    private bool _isWaitGivenUp;

    private Committing() => _onNotice = (_, notice) => _isWaitGivenUp |= notice.Notice.Routine == WaitForStandby;

    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="OperationCanceledException">The server stopped the statement: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">
    /// Anything else went wrong, or the server committed without its synchronous standby.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<TResult?> RunAsync<TState, TResult>(
        ConnectionSource connections,
        NpgsqlConnection connection,
        NpgsqlBatch batch,
        TState state,
        Func<NpgsqlDataReader, TState, TResult?> read,
        CancellationToken cancellationToken)
    {
        var committing = new Committing();
        connection.Notice += committing._onNotice;
        TResult? result;
        try
        {
            result = await batch.ReadToTheEndAsync(state, read, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!committing.TellsThatNothingIsWritten(failure, connection))
        {
            if (connection.State != ConnectionState.Open)
                connections.Lost();

            throw new CommitOutcomeUnknownException(failure, committing._isWaitGivenUp);
        }
        finally
        {
            connection.Notice -= committing._onNotice;
        }

        return committing._isWaitGivenUp ? throw new CommitOutcomeUnknownException(innerException: null, isCommittedLocally: true) : result;
    }

    private bool TellsThatNothingIsWritten(Exception failure, NpgsqlConnection connection) => !_isWaitGivenUp && failure switch
    {
        PostgresException refusal => !SqlStates.LeavesOutcomeUnknown(refusal),

        // The server confirmed that it stopped the statement.
        OperationCanceledException { InnerException: PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } } => true,
        NpgsqlException or OperationCanceledException or IOException or TimeoutException => false,

        // The driver closes a connection whose messages it lost track of, and throws a plain Exception. This happens when a cancellation
        // meets the end of a batch.
        _ => connection.State == ConnectionState.Open,
    };
}
