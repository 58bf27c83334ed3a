using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Postgres;

/// <summary>The only door to the server: opens connections, runs batches, and says what a failure means.</summary>
/// <param name="connections">Where connections come from.</param>
/// <param name="explainMissingObject">
/// Called when a statement names a table or function that does not exist. Throws a <see cref="SchemaMismatchException"/> if the schema is
/// behind.
/// </param>
internal class Database(ConnectionSource connections, Func<CancellationToken, Task> explainMissingObject)
{
    // The driver's default, if the connection does not say.
    private int _secondsOfConnection = 30;

    /// <summary>Where connections come from.</summary>
    public ConnectionSource Connections => connections;

    /// <summary>How long a batch may run; <see langword="null"/> for as long as the connection says.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>Called before each batch that reads; <see langword="null"/> for nobody.</summary>
    public Action? Noticed { get; init; }

    /// <summary>What is told of what runs here.</summary>
    public StoreTelemetry Telemetry { get; init; } = StoreTelemetry.Unnamed;

    /// <summary>
    /// How long a unit of work is tried while others get in its way: as long as a batch may run, by the options or the last connection.
    /// </summary>
    public TimeSpan Patience =>
        CommandTimeout
            ?? (Volatile.Read(ref _secondsOfConnection) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);

    // The driver takes 0 for "without end".
    private int? TimeoutInSeconds =>
        CommandTimeout is { } limit ? limit == Timeout.InfiniteTimeSpan ? 0 : (int)Math.Ceiling(limit.TotalSeconds) : null;

    /// <summary>Runs a batch that reads, in one round trip. The returned reader holds the connection until it is disposed.</summary>
    public virtual async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        Noticed?.Invoke();
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Prepare(batch, connection);
            return await batch.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (connection.State != System.Data.ConnectionState.Open)
                connections.Lost();

            await connection.DisposeAsync().ConfigureAwait(false);
            if (failure is PostgresException refusal)
                await ExplainAsync(refusal, cancellationToken).ConfigureAwait(false);

            throw;
        }
    }

    /// <summary>
    /// Runs a batch, in one round trip, and reads every row of every result. What a batch writes counts only once its last result is read.
    /// </summary>
    public async Task<List<TResult>> ReadAllAsync<TResult>(
        NpgsqlBatch batch, Func<NpgsqlDataReader, TResult> read, CancellationToken cancellationToken)
    {
        List<TResult> all = [];
        var rows = await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            do
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    all.Add(read(rows));
            }
            while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false));
        }

        return all;
    }

    /// <summary>
    /// Runs a batch that reads, in one round trip, and takes the first row of its first result; <see langword="default"/> if there is
    /// none.
    /// </summary>
    public async Task<TResult?> ReadFirstAsync<TResult>(
        NpgsqlBatch batch, Func<NpgsqlDataReader, TResult> read, CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
            return await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? read(rows) : default;
    }

    /// <summary>
    /// Runs a batch that writes, in one round trip. There is no explicit BEGIN, so the server runs it as one transaction and commits at its
    /// end.
    /// </summary>
    /// <param name="batch">The statements.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements; nothing is written then, unless the outcome is unknown.</param>
    /// <exception cref="PostgresException">The server refused: nothing is written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection broke after the batch was sent.</exception>
    public ValueTask<TResult?> WriteAsync<TResult>(
        NpgsqlBatch batch, Func<NpgsqlDataReader, TResult?> read, CancellationToken cancellationToken) =>
        WriteAsync(batch, read, static (row, read) => read(row), cancellationToken);

    /// <param name="batch">The statements.</param>
    /// <param name="state">What <paramref name="read"/> is given.</param>
    /// <param name="read">Called on the first row of each result that has one; the last value that is not null is returned.</param>
    /// <param name="cancellationToken">Cancels the statements; nothing is written then, unless the outcome is unknown.</param>
    /// <inheritdoc cref="WriteAsync{TResult}"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public virtual async ValueTask<TResult?> WriteAsync<TState, TResult>(
        NpgsqlBatch batch, TState state, Func<NpgsqlDataReader, TState, TResult?> read, CancellationToken cancellationToken)
    {
        // Opened apart from the execution: if this fails, nothing was sent.
        PostgresException refusal;
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            Prepare(batch, connection);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await Committing.RunAsync(connections, connection, batch, state, read, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException failure)
            {
                refusal = failure;
            }
        }

        // Not while the connection is held: the explanation takes one, and there may be no other.
        await ExplainAsync(refusal, cancellationToken).ConfigureAwait(false);
        ExceptionDispatchInfo.Throw(refusal);
        return default;
    }

    /// <summary>Opens a transaction of two round trips for a unit of work.</summary>
    /// <param name="limit">How long it waits for a lock; <see cref="Timeout.InfiniteTimeSpan"/> for as long as a batch may run.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public virtual async Task<UnitTransaction> OpenUnitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        return new OwnUnitTransaction(connections, connection, batch => Prepare(batch, connection), limit);
    }

    /// <summary>Asks the server for an answer.</summary>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add("select 1");
        await ReadFirstAsync(batch, static row => row.GetInt32(0), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// For a unit that is found to be written: waits, as its commit did, until the synchronous standby has it. A transaction that writes
    /// nothing would not wait.
    /// </summary>
    /// <exception cref="CommitOutcomeUnknownException">The wait broke off.</exception>
    public async Task AwaitStandbyAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add("select pg_catalog.pg_logical_emit_message(true, 'fes', '')");
        await WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins a transaction of several round trips with a statement.</summary>
    public Task<BulkTransaction> BeginBulkAsync(string sql, CancellationToken cancellationToken) =>
        BulkTransaction.BeginAsync(connections, TimeoutInSeconds, sql, cancellationToken);

    /// <summary>Throws what a failure means that any statement can meet; returns if the failure is another one.</summary>
    /// <exception cref="SchemaMismatchException">The schema is behind.</exception>
    /// <exception cref="LogLockedException">Somebody holds the lock that writers need.</exception>
    /// <exception cref="OrderingNotGuaranteedException">Writers have no lock that readers can see.</exception>
    public async Task ExplainAsync(PostgresException failure, CancellationToken cancellationToken)
    {
        if (SqlStates.NamesMissingObject(failure.SqlState))
            await explainMissingObject(cancellationToken).ConfigureAwait(false);
        else if (failure.SqlState == SqlStates.LogLocked)
            throw new LogLockedException(ReadHolder(failure.Hint));
        else if (failure.SqlState == SqlStates.TagMissing)
            throw new OrderingNotGuaranteedException("the lock tag", "drawn", "missing", failure);
    }

    private static LockHolder? ReadHolder(string? hint)
    {
        using var data = JsonDocument.Parse(hint ?? "{}");
        return data.RootElement.TryGetProperty("pid", out var pid)
            ? new LockHolder(
                pid.ValueKind == JsonValueKind.Null ? null : pid.GetInt32(),
                data.RootElement.GetProperty("role").GetString(),
                data.RootElement.GetProperty("application").GetString())
            : null;
    }

    protected void Prepare(NpgsqlBatch batch, NpgsqlConnection connection)
    {
        batch.Connection = connection;
        Volatile.Write(ref _secondsOfConnection, connection.CommandTimeout);
        batch.Timeout = TimeoutInSeconds ?? connection.CommandTimeout;
    }
}
