using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>What the settler asks of the database, each in a transaction of its own.</summary>
internal sealed class SettledQueries(Database database, SqlIdentifier schema)
{
    private readonly string _settle = $"select s.settled, s.last, s.lowest, s.standby, s.server from {schema}.{SettledPosition.SettleFunction}($1) s";
    private readonly string _wait =
        $"select pg_catalog.pg_advisory_xact_lock((select o.lock_tag::bigint from {schema}.{StoreRowSchema.Store} o) << 48 | $1)";
    private readonly string _publish = $"""
        insert into {schema}.{SettledSchema.Settled} as s (position)
        values ($1)
        on conflict (one_row) do update
        set position = excluded.position
        where s.position < excluded.position
        """;

    /// <summary>
    /// How long to wait for a transaction. Shorter than the server's default deadlock_timeout: the wait ends before the server looks for a
    /// deadlock with it and ends a writer instead.
    /// </summary>
    internal TimeSpan BlockerTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds who keeps readers from going on.</summary>
    public LogLocks Locks { get; } = new(database, schema);

    /// <summary>What is told of what is found.</summary>
    public StoreTelemetry Telemetry => database.Telemetry;

    private string LockTimeout => field ??= string.Create(
        CultureInfo.InvariantCulture, $"select pg_catalog.set_config('lock_timeout', '{BlockerTimeout.TotalMilliseconds}', true)");

    /// <summary>Moves the settled position on. Later statements see everything that is settled.</summary>
    public async Task<Settled> SettleAsync(long position, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_settle).With(position, NpgsqlDbType.Bigint);
        return await database.ReadFirstAsync(batch, Read, cancellationToken).ConfigureAwait(false);

        static Settled Read(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetBoolean(3), row.GetInstant(4));
    }

    /// <summary>
    /// Waits until no transaction holds the lock on a position any more. Later writers see a higher last position and take other locks, so
    /// they do not queue behind this.
    /// </summary>
    /// <returns>Whether they have ended; <see langword="false"/> if that takes longer than the time-out.</returns>
    public async Task<bool> WaitForWritersAsync(long position, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(LockTimeout);
        batch.Add(_wait).With(position, NpgsqlDbType.Bigint);
        try
        {
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);

            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    /// <summary>Stores the settled position for standbys. Never moves it back.</summary>
    /// <returns>Whether the role may.</returns>
    public async Task<bool> PublishAsync(long position, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_publish).With(position, NpgsqlDbType.Bigint);
        try
        {
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await rows.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return false;
        }
    }
}
