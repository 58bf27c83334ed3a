using System.Data;
using System.Globalization;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Schema;

/// <summary>Writes what a database is to hold from the beginning, once, whichever process comes first.</summary>
/// <param name="connections">Where connections come from. One is taken at a time.</param>
/// <param name="schema">The schema of the store.</param>
/// <param name="patience">How long to wait for another process that is seeding.</param>
internal sealed class Seeding(ConnectionSource connections, SqlIdentifier schema, TimeSpan patience)
{
    private const string LockNumber = "2";

    private readonly string _isKnown = $"select exists (select from {schema}.{SeedsSchema.Seeds} where name = $1)";

    private readonly string _note =
        $"insert into {schema}.{SeedsSchema.Seeds} (name, seeded_at) values ($1, $2) on conflict (name) do nothing";

    /// <summary>Writes a seed and the note that it was written, in one transaction.</summary>
    /// <param name="name">What tells it from other seeds of the store.</param>
    /// <param name="now">The timestamp of the note.</param>
    /// <param name="write">Writes in the transaction.</param>
    /// <param name="cancellationToken">Cancels the wait and the statements; nothing is written then.</param>
    /// <returns>Whether it was written now.</returns>
    /// <exception cref="SeedLockedException">Another process was seeding for too long.</exception>
    public async Task<bool> RunAsync(
        string name, DateTimeOffset now, Func<NpgsqlTransaction, Task> write, CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        if (await IsKnownAsync(connection, name, cancellationToken).ConfigureAwait(false))
            return false;

        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await LockAsync(connection, transaction, name, cancellationToken).ConfigureAwait(false);
        if (await IsKnownAsync(connection, name, cancellationToken).ConfigureAwait(false))
            return false;

        await write(transaction).ConfigureAwait(false);
        var note = new NpgsqlCommand(_note, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = name },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
            },
        };
        await using var ___ = note.ConfigureAwait(false);
        await note.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> IsKnownAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var query = new NpgsqlCommand(_isKnown, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = name } } };
        await using var _ = query.ConfigureAwait(false);
        return (bool)(await query.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, CancellationToken cancellationToken)
    {
        // What is written may take longer than a transaction is otherwise allowed to be idle.
        var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"""
            select pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true),
                   pg_catalog.set_config('lock_timeout', '{LockTimeouts.Of(patience)}', true),
                   pg_catalog.set_config('statement_timeout', '0', true);
            select pg_catalog.pg_advisory_xact_lock({LockHolders.Space}, {LockNumber});
            select pg_catalog.set_config('lock_timeout', '0', true);
            """),
            connection) { CommandTimeout = 0 };
        await using var _ = command.ConfigureAwait(false);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            throw new SeedLockedException(
                name, await LockHolders.FindAsync(connection, LockNumber, cancellationToken).ConfigureAwait(false));
        }
    }
}
