using System.Data;
using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Proves, before the log is read, that the database keeps what the settled position rests on.</summary>
/// <param name="connections">Where the store lives. Two connections are taken at a time, for a moment.</param>
/// <param name="schema">The schema of the store.</param>
/// <param name="explainMissingObject">Called when the store is not there: throws a <see cref="SchemaMismatchException"/>.</param>
internal sealed class OrderingChecks(ConnectionSource connections, SqlIdentifier schema, Func<CancellationToken, Task> explainMissingObject)
{
    private int _checkedGeneration;

    /// <summary>The view of the locks.</summary>
    internal string Locks { get; init; } = "pg_catalog.pg_locks";

    /// <summary>Whether the connections lead to another data source than the one that was checked last.</summary>
    public bool AreOutdated => Volatile.Read(ref _checkedGeneration) != connections.Generation;

    /// <summary>Checks everything, and moves the sequence past the highest event where a restore has left it behind.</summary>
    /// <returns>Sentences about what is allowed but risky.</returns>
    /// <exception cref="OrderingNotGuaranteedException">Readers could skip an event.</exception>
    public async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        var generation = connections.Generation;
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var facts = await ReadFactsAsync(connection, cancellationToken).ConfigureAwait(false);
                Judge(facts);
                Volatile.Write(ref _checkedGeneration, generation);
                if (facts.IsStandby)
                    return ["The server is a standby: the log is read up to the position that the primary stored last."];

                if (facts.LastPosition < facts.HighestPosition)
                    await AdvanceSequenceAsync(connection, facts, cancellationToken).ConfigureAwait(false);

                var warnings = new List<string>();
                if (facts.SynchronousCommit == "off")
                {
                    warnings.Add("synchronous_commit is off: after a crash of the server, events that readers have already seen can be gone "
                        + "and their positions be used again.");
                }

                if (IsTheOnlyOne(connection))
                    warnings.Add("The pool has one connection: that locks of one connection are seen by another was not checked.");
                else
                    await CheckLocksAreSharedAsync(connection, cancellationToken).ConfigureAwait(false);

                return warnings;
            }
            catch (PostgresException failure) when (SqlStates.NamesMissingObject(failure.SqlState))
            {
                await explainMissingObject(cancellationToken).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>What readers were given is no part of the log any more: another server took over that did not have it, or a backup was restored.</summary>
    public static OrderingNotGuaranteedException Forked(long seen, long last) => new(
        "the last position of the log",
        string.Create(CultureInfo.InvariantCulture, $"at least {seen}, up to which it has been read"),
        string.Create(CultureInfo.InvariantCulture, $"{last}"));

    private static void Judge(OrderingFacts facts)
    {
        // A snapshot older than the look at the locks calls settled what it does not see.
        Require("default_transaction_isolation", "read committed", facts.Isolation);

        // A standby computes nothing: it has neither the locks of the primary nor the exact last_value.
        if (facts.IsStandby)
            return;

        // With a cache, last_value is at or above numbers still to be handed out.
        Require($"the sequence {EventsSchema.Positions.Name}", OrderingFacts.ExpectedSequence, facts.Sequence);

        // Before the first number is drawn last_value is that number, and its writer would lock the very position that it gets.
        Require(
            $"the last value of the sequence {EventsSchema.Positions.Name}",
            "a number handed out",
            facts.LastPosition is null ? "one still to be handed out" : "a number handed out");

        Require("the lock tag", "drawn", facts.HasTag ? "drawn" : "missing");

        // Of two stores with one tag, each waits for the other's writers.
        Require(
            "the lock tag",
            "of this store alone",
            facts.SharesTagWith.Length == 0 ? "of this store alone" : $"also that of {facts.SharesTagWith}");
    }

    private static void Require(string check, string expected, string actual)
    {
        if (actual != expected)
            throw new OrderingNotGuaranteedException(check, expected, actual);
    }

    private async Task<OrderingFacts> ReadFactsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(OrderingFacts.Query(schema), connection);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return new OrderingFacts(reader);
            }
        }
    }

    // A second connection would be waited for until the timeout.
    private static bool IsTheOnlyOne(NpgsqlConnection connection) =>
        new NpgsqlConnectionStringBuilder(connection.ConnectionString) is { Pooling: true, MaxPoolSize: 1 };

    private async Task AdvanceSequenceAsync(NpgsqlConnection connection, OrderingFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            // nextval does not wait for setval, which could thus move the sequence backwards. ALTER SEQUENCE waits for all who have drawn a number
            // until they have ended, and keeps others from drawing.
            await RunAsync(
                connection,
                $"""
                alter sequence {schema}.{EventsSchema.Positions} cache 1;
                select setval('{schema}.{EventsSchema.Positions}', highest)
                from (select max(position) as highest from {schema}.{EventsSchema.Events}) as e, {schema}.{EventsSchema.Positions} as p
                where highest > p.last_value;
                """,
                cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new OrderingNotGuaranteedException(
                $"the last value of the sequence {EventsSchema.Positions.Name}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"at least {facts.HighestPosition}, the highest position of an event (the role may not advance it)"),
                string.Create(CultureInfo.InvariantCulture, $"{facts.LastPosition}"),
                failure);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand(sql, connection);
            await using (command.ConfigureAwait(false))
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // Some proxies and relatives of PostgreSQL keep advisory locks to a node or do nothing at all.
    private async Task CheckLocksAreSharedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Above every real position, so that it holds no reader back, and one for each backend.
            var key = await ScalarAsync<long>(
                connection,
                $"""
                select key, pg_catalog.pg_advisory_xact_lock_shared(key)
                from (select lock_tag::bigint << 48 | ($1 - pg_catalog.pg_backend_pid()) as key from {schema}.{StoreRowSchema.Store}) as own
                """,
                EventsSchema.MaxPosition,
                cancellationToken).ConfigureAwait(false);

            var other = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (other.ConfigureAwait(false))
            {
                var seen = await ScalarAsync<bool>(
                    other,
                    $"""
                    select exists (
                        select
                        from {Locks}
                        where locktype = 'advisory'
                          and database = (select oid from pg_catalog.pg_database where datname = current_database())
                          and classid = ($1 >> 32)::oid
                          and objid = ($1 & 4294967295)::oid
                          and objsubid = 1
                          and mode = 'ShareLock'
                          and granted)
                    """,
                    key,
                    cancellationToken).ConfigureAwait(false);
                Require("an advisory lock of one connection", "seen by another", seen ? "seen by another" : "not seen by another");
            }
        }
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, long parameter, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = parameter } } };
        await using (command.ConfigureAwait(false))
            return (T)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
