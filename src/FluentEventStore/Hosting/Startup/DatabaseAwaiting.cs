using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FluentEventStore.Hosting;

/// <summary>Runs steps of a start again while the database is not up yet, for a limited time in all.</summary>
/// <param name="reach">
/// Has the database answer, or each of many, and says whenever one has. A server may take a connection and never answer, so this ends with
/// the time.
/// </param>
/// <param name="limit">The time.</param>
/// <param name="log">Is told of the wait.</param>
internal sealed class DatabaseAwaiting(Func<Action, CancellationToken, Task> reach, TimeSpan limit, ILogger log)
{
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly long _since = TimeProvider.System.GetTimestamp();
    private bool _isReached;

    /// <summary>Waits for the databases of a store, for as long as the application says.</summary>
    public static DatabaseAwaiting Of(IServiceProvider services, StorePlan plan)
    {
        var store = services.GetRequiredKeyedService<IEventStore>(plan.Key);
        var patience = services.GetRequiredKeyedService<MadeStore>(plan.Key).Startup.DatabasePatience;
        return new DatabaseAwaiting((answered, token) => ReachAsync(store, answered, token), patience, StartLog.Of(services));
    }

    private TimeSpan Waited => TimeProvider.System.GetElapsedTime(_since);

    /// <exception cref="DatabaseUnavailableException">The time is over.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                if (!_isReached)
                    await ReachAsync(attempts, cancellationToken).ConfigureAwait(false);

                _isReached = true;
                await step(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception failure) when (MayComeUp(failure) && !cancellationToken.IsCancellationRequested)
            {
                _isReached = false;
                if (limit != Timeout.InfiniteTimeSpan && Waited >= limit)
                    throw new DatabaseUnavailableException(Waited, attempts, failure);

                if (attempts == 1)
                    log.WaitingForDatabase(failure.Message);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // A step itself may take longer: it changes tables, or waits for another process that does.
    private async Task ReachAsync(int attempts, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LimitTo(limit - Waited);
        try
        {
            // The driver does not end the handshake with a server because it is asked to: it is left behind.
            await reach(() => LimitTo(limit), limited.Token).WaitAsync(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException(Waited, attempts, new TimeoutException("The server does not answer."));
        }

        // Thousands of databases that answer one after the other are no server that does not.
        void LimitTo(TimeSpan left)
        {
            if (limit != Timeout.InfiniteTimeSpan)
                limited.CancelAfter(TimeSpan.FromTicks(Math.Clamp(left.Ticks, ShortestAttempt.Ticks, LongestAttempt.Ticks)));
        }
    }

    // The application may have put a store of its own in the place of ours.
    private static async Task ReachAsync(IEventStore store, Action answered, CancellationToken cancellationToken)
    {
        if (store is not EventStore own)
            return;

        foreach (var database in await own.ListDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            await database.PingAsync(cancellationToken).ConfigureAwait(false);
            answered();
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
