using System.Data;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>
/// Finds out whether an advisory lock of one connection is seen by another. Some proxies and relatives of PostgreSQL keep such locks within
/// a node, or do nothing at all.
/// </summary>
/// <param name="connections">Where connections come from. Two are taken at a time, for a moment.</param>
/// <param name="keyOfProcess">A query for a bigint key that nobody else locks and that differs between server processes.</param>
internal sealed class SharedLocks(ConnectionSource connections, string keyOfProcess)
{
    private const int MaxAttempts = 3;

    /// <summary>The view of the locks.</summary>
    internal string Locks { get; init; } = "pg_catalog.pg_locks";

    /// <summary>
    /// How long to wait for the second connection. If many callers held one connection each and waited for another, all would wait until
    /// their timeout.
    /// </summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <returns>Whether it is seen; <see langword="null"/> if there was no second connection.</returns>
    public Task<bool?> AreSeenAsync(CancellationToken cancellationToken) => Attempts.RunAsync(
        MaxAttempts,
        LookAsync,

        // If the holder's connection was lost, its lock went with it: that proves nothing.
        static failure => failure is NpgsqlException lost && SqlStates.IsLossOfConnection(lost),
        cancellationToken);

    private async Task<bool?> LookAsync(CancellationToken cancellationToken)
    {
        var holder = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (holder.ConfigureAwait(false))
        {
            // A second connection would be waited for in vain.
            if (new NpgsqlConnectionStringBuilder(holder.ConnectionString) is { Pooling: true, MaxPoolSize: 1 })
                return null;

            var transaction = await holder.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var key = await ScalarAsync<long>(
                    holder,
                    $"select k.key, pg_catalog.pg_advisory_xact_lock_shared(k.key) from ({keyOfProcess}) as k (key)",
                    cancellationToken).ConfigureAwait(false);
                var isSeen = await IsSeenByAnotherAsync(key, cancellationToken).ConfigureAwait(false);
                if (isSeen is false)
                    await ScalarAsync<int>(holder, "select 1", cancellationToken).ConfigureAwait(false);

                return isSeen;
            }
        }
    }

    private async Task<bool?> IsSeenByAnotherAsync(long key, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        NpgsqlConnection other;
        try
        {
            other = await connections.OpenAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && failure is OperationCanceledException or NpgsqlException { InnerException: TimeoutException })
        {
            return null;
        }

        await using (other.ConfigureAwait(false))
        {
            return await ScalarAsync<bool>(
                other,
                $"""
                select exists (
                    select
                    from {Locks}
                    where locktype = 'advisory'
                      and database = (select oid from pg_catalog.pg_database where datname = current_catalog)
                      and classid = ({key} >> 32)::oid
                      and objid = ({key} & 4294967295)::oid
                      and objsubid = 1
                      and mode = 'ShareLock'
                      and granted)
                """,
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
            return (T)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
