using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FluentEventStore.Hosting;

/// <summary>Runs steps of a start again while the database is not up yet, for a limited time in all.</summary>
internal sealed class DatabaseAwaiting(TimeSpan limit, ILogger log)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly long _since = TimeProvider.System.GetTimestamp();

    private TimeSpan Waited => TimeProvider.System.GetElapsedTime(_since);

    /// <exception cref="DatabaseUnavailableException">The time is over.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                await step(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (MayComeUp(failure) && !cancellationToken.IsCancellationRequested)
            {
                if (limit != Timeout.InfiniteTimeSpan && Waited >= limit)
                    throw new DatabaseUnavailableException(Waited, attempts, failure);

                if (attempts == 1)
                    log.WaitingForDatabase(failure.Message);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // A wrong password, or a database that does not exist, does not change by waiting.
    private static bool MayComeUp(Exception failure) => failure switch
    {
        PostgresException refusal => refusal.SqlState is PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.TooManyConnections,
        NpgsqlException => failure.InnerException is IOException or SocketException or TimeoutException,
        _ => failure is SocketException or CommitOutcomeUnknownException,
    };
}
