using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>
/// Checks that the database guarantees what the settled position rests on: before a store first writes, before it first reads the log, and
/// whenever its connections may lead to another server than before.
/// </summary>
internal sealed class OrderingChecks : IAsyncDisposable
{
    private readonly Database _database;
    private readonly SqlIdentifier _schema;
    private readonly SharedCall<OrderingFacts> _facts;
    private readonly SharedCall<bool?> _locks;
    private int _checkedGeneration = -1;
    private int _joinedGeneration = -1;
    private int _probedGeneration = -1;
    private volatile bool _areLocksSeen;

    public OrderingChecks(Database database, SqlIdentifier schema)
    {
        _database = database;
        _schema = schema;
        Locks = new SharedLocks(database.Connections, KeyOfProcess(schema));
        _facts = new SharedCall<OrderingFacts>(CheckAsync);
        _locks = new SharedCall<bool?>(token => Locks.AreSeenAsync(token));
    }

    /// <summary>Whether the connections may lead to another server than the one that was checked last.</summary>
    public bool AreOutdated => IsUnchecked || Volatile.Read(ref _probedGeneration) != _database.Connections.Generation;

    /// <summary>Finds out whether all connections see each other's locks.</summary>
    internal SharedLocks Locks { get; init; }

    private bool IsUnchecked => Volatile.Read(ref _checkedGeneration) != _database.Connections.Generation;

    /// <summary>A query for a key per server process, above every real position so that its lock holds no reader back.</summary>
    public static string KeyOfProcess(SqlIdentifier schema) =>
        $"select o.lock_tag::bigint << 48 | ({EventTables.MaxPosition} - pg_catalog.pg_backend_pid()) from "
            + $"{schema}.{StoreRowSchema.Store} o";

    /// <summary>The log no longer has what readers were given: another server without it took over, or a backup was restored.</summary>
    public static OrderingNotGuaranteedException Forked(long seen, long last) => new(
        "the last position of the log",
        string.Create(CultureInfo.InvariantCulture, $"at least {seen}, up to which it has been read"),
        string.Create(CultureInfo.InvariantCulture, $"{last}"));

    /// <summary>
    /// To be called before positions are drawn: a process that only writes would not notice that a sequence was set back, and would get
    /// positions that readers have passed. Costs nothing once it is checked.
    /// </summary>
    /// <exception cref="OrderingNotGuaranteedException">Readers could skip an event.</exception>
    public ValueTask EnsureWritableAsync(CancellationToken cancellationToken) =>
        IsUnchecked ? new ValueTask(_facts.AskAsync(cancellationToken)) : ValueTask.CompletedTask;

    /// <summary>
    /// As <see cref="EnsureWritableAsync(CancellationToken)"/>, for a transaction of the caller: it uses that connection, since there may
    /// be no other. It does not move a sequence that lags behind, because that would wait for this very transaction.
    /// </summary>
    public async ValueTask EnsureWritableAsync(Database joined, CancellationToken cancellationToken)
    {
        var generation = _database.Connections.Generation;
        if (!IsUnchecked || Volatile.Read(ref _joinedGeneration) == generation)
            return;

        var facts = await ReadFactsAsync(joined, cancellationToken).ConfigureAwait(false);
        JudgeSequence(facts);
        if (facts.LastPosition < facts.HighestPosition)
            throw Behind(facts, "the store moves it when the log is next read or appended to outside of a transaction of the caller");

        Volatile.Write(ref _joinedGeneration, generation);
    }

    /// <summary>Checks everything. Moves sequences past what is there if a restore has left them behind.</summary>
    /// <returns>Sentences about settings that are allowed but risky.</returns>
    /// <exception cref="OrderingNotGuaranteedException">Readers could skip an event.</exception>
    public async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken)
    {
        var facts = await _facts.AskAsync(cancellationToken).ConfigureAwait(false);
        if (facts.IsStandby)
        {
            Volatile.Write(ref _probedGeneration, Volatile.Read(ref _checkedGeneration));
            return ["The server is a standby: the log is read up to the position that the primary stored last."];
        }

        var warnings = new List<string>();
        if (facts.SynchronousCommit == "off")
        {
            warnings.Add("synchronous_commit is off: after a crash of the server, events that readers have already seen can be gone "
                + "and their positions can be used again.");
        }

        if (facts.SharesTagWith.Length > 0)
        {
            warnings.Add(
                $"The lock tag is also that of {facts.SharesTagWith}: the readers of each store also wait for the writers of the other, "
                    + "but lose nothing. store.Schema.RenewLockTagAsync() draws another one.");
        }

        if (!await AreLocksSeenAsync(cancellationToken).ConfigureAwait(false))
            warnings.Add("The pool had no second connection, so it was not checked whether one connection sees the locks of another.");

        return warnings;
    }

    /// <summary>
    /// Moves the sequence that numbers streams past the existing ones, after the number of a new stream was taken already.
    /// </summary>
    /// <exception cref="SchemaMismatchException">The role may not.</exception>
    public async Task AdvanceKeysAsync(CancellationToken cancellationToken)
    {
        var facts = await _facts.AskAsync(cancellationToken).ConfigureAwait(false);
        await AdvanceKeysAsync(facts, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _facts.DisposeAsync().ConfigureAwait(false);
        await _locks.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> AreLocksSeenAsync(CancellationToken cancellationToken)
    {
        // Whether a server keeps locks for all does not change while it is the same one.
        var generation = _database.Connections.Generation;
        if (_areLocksSeen && Volatile.Read(ref _probedGeneration) == generation)
            return true;

        var areSeen = await _locks.AskAsync(cancellationToken).ConfigureAwait(false);
        Require("an advisory lock of one connection", "seen by another", areSeen is false ? "not seen by another" : "seen by another");
        _areLocksSeen = areSeen is true;
        Volatile.Write(ref _probedGeneration, generation);
        return areSeen is true;
    }

    private async Task<OrderingFacts> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAndJudgeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OrderingNotGuaranteedException failure)
        {
            OrderingLog.NotGuaranteed(_database.Telemetry, failure);
            throw;
        }
    }

    private async Task<OrderingFacts> ReadAndJudgeAsync(CancellationToken cancellationToken)
    {
        var generation = _database.Connections.Generation;
        var facts = await ReadFactsAsync(_database, cancellationToken).ConfigureAwait(false);
        Judge(facts);
        if (!facts.IsStandby && facts.LastPosition < facts.HighestPosition)
            await AdvancePositionsAsync(facts, cancellationToken).ConfigureAwait(false);

        if (!facts.IsStandby && facts.KeysAreBehind)
            await AdvanceKeysAsync(facts, cancellationToken).ConfigureAwait(false);

        Volatile.Write(ref _checkedGeneration, generation);
        return facts;
    }

    private async Task<OrderingFacts> ReadFactsAsync(Database database, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(OrderingFacts.Query(_schema));
        return await database.ReadFirstAsync(batch, static row => new OrderingFacts(row), cancellationToken).ConfigureAwait(false)
            ?? throw new OrderingNotGuaranteedException(
                $"the sequence {EventTables.Positions}", OrderingFacts.ExpectedSequence, "no sequence");
    }

    private static void Judge(OrderingFacts facts)
    {
        // With a snapshot older than the look at the locks, readers would take as settled what they do not see.
        Require("default_transaction_isolation", "read committed", facts.Isolation);

        // A standby computes nothing: it lacks the locks of the primary and the exact last_value.
        if (!facts.IsStandby)
            JudgeSequence(facts);
    }

    private static void JudgeSequence(OrderingFacts facts)
    {
        // With a cache, numbers at or below last_value may still be handed out.
        Require($"the sequence {EventTables.Positions}", OrderingFacts.ExpectedSequence, facts.Sequence);

        // Until the first number is drawn, last_value is that number: its writer would lock the very position that it gets.
        Require(
            $"the last value of the sequence {EventTables.Positions}",
            "a number handed out",
            facts.LastPosition is null ? "one still to be handed out" : "a number handed out");

        Require("the lock tag", "drawn", facts.HasTag ? "drawn" : "missing");
    }

    private static void Require(string check, string expected, string actual)
    {
        if (actual != expected)
            throw new OrderingNotGuaranteedException(check, expected, actual);
    }

    private async Task AdvancePositionsAsync(OrderingFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            await AdvanceAsync($"{_schema}.{EventTables.Positions}", $"{_schema}.{EventTables.Events}", "position", cancellationToken)
                .ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw Behind(facts, "the role may not advance it", failure);
        }
    }

    private static OrderingNotGuaranteedException Behind(OrderingFacts facts, string why, Exception? innerException = null) => new(
        $"the last value of the sequence {EventTables.Positions}",
        string.Create(CultureInfo.InvariantCulture, $"at least {facts.HighestPosition}, the highest position of an event ({why})"),
        string.Create(CultureInfo.InvariantCulture, $"{facts.LastPosition}"),
        innerException);

    private async Task AdvanceKeysAsync(OrderingFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            await AdvanceAsync(facts.KeySequence, $"{_schema}.{EventTables.Streams}", "key", cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaMismatchException(
                _schema.Name,
                $"The sequence {facts.KeySequence} is behind the numbers of existing streams, as can happen after a restore, and the role "
                    + "may not advance it. Run the statements in Sql as the owner of the sequence.",
                $"select pg_catalog.setval('{facts.KeySequence}', (select pg_catalog.max(key) from {_schema}.{EventTables.Streams}));\n",
                failure);
        }
    }

    /// <summary>
    /// setval could move the sequence backwards, since nextval does not wait for it. ALTER SEQUENCE waits until all transactions that have
    /// drawn a number have ended, and keeps others from drawing.
    /// </summary>
    private async Task AdvanceAsync(string sequence, string table, string column, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add($"alter sequence {sequence} cache 1");
        batch.Add($"""
            select pg_catalog.setval('{sequence}', t.highest)
            from (select pg_catalog.max({column}) as highest from {table}) as t, {sequence} as s
            where t.highest > s.last_value or (t.highest = s.last_value and not s.is_called)
            """);
        await _database.ReadAllAsync(batch, static _ => 0, cancellationToken).ConfigureAwait(false);
    }
}
