using System.Data;
using System.Globalization;
using System.Text;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Telemetry;
using Npgsql;
using Weasel.Core;

namespace FluentEventStore;

/// <inheritdoc cref="IStoreSchema"/>
internal sealed class StoreSchema : IStoreSchema
{
    private readonly ConnectionSource _connections;
    private readonly SqlIdentifier _schema;
    private readonly Lazy<StoreObjects> _objects;

    /// <param name="connections">Where connections come from. One is taken at a time.</param>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="objects">
    /// What it needs besides its schema and its table <c>store</c>, in the order of creation. Called once, when first needed.
    /// </param>
    internal StoreSchema(ConnectionSource connections, SqlIdentifier schema, Func<IReadOnlyList<ISchemaObject>> objects)
    {
        _connections = connections;
        _schema = schema;
        _objects = new Lazy<StoreObjects>(() => new StoreObjects(schema, objects()));
    }

    /// <summary>The views of events in a schema.</summary>
    internal Func<SqlIdentifier, IReadOnlyList<StoreView>> EventViews { get; init; } = static _ => [];

    /// <summary>
    /// All schemas that this one stands for, each in a database of its own; <see langword="null"/> if it stands for itself.
    /// </summary>
    internal Func<CancellationToken, Task<IReadOnlyList<StoreSchema>>>? OfTenants { get; init; }

    /// <summary>The tenant whose database it is in; <see langword="null"/> if all tenants share one.</summary>
    internal TenantId? TenantId { get; init; }

    /// <summary>Where log messages go.</summary>
    internal StoreTelemetry Telemetry { get; init; } = StoreTelemetry.Unnamed;

    /// <summary>How long to wait for others who change a schema. Default: 60 s.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a statement waits for others who use a table. Default: 10 s.</summary>
    /// <remarks>
    /// An ALTER TABLE that waits for a long query makes everybody behind it wait too. It is better to fail and be called again.
    /// </remarks>
    internal TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<SchemaReport> ApplyAsync(CancellationToken cancellationToken = default)
    {
        if (OfTenants is not null)
            return await VisitTenantsAsync(static (schema, token) => schema.ApplyAsync(token), cancellationToken).ConfigureAwait(false);

        var report = await ApplyOneAsync(cancellationToken).ConfigureAwait(false);
        SchemaLog.Applied(Telemetry, report);
        return report;
    }

    private async Task<SchemaReport> ApplyOneAsync(CancellationToken cancellationToken)
    {
        var stamp = new SchemaStamp(_schema, _objects.Value);
        var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        if (await stamp.ReadAsync(connection, cancellationToken).ConfigureAwait(false) is { } drift)
            return new SchemaReport("", drift);

        var transaction = await BeginAsync(connection, MigrationLock.Take, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);

        var difference = await FindDifferenceAsync(connection, cancellationToken).ConfigureAwait(false);
        if (difference.IsRefused)
            throw Mismatch(
                $"Schema '{_schema.Name}' differs from what the store needs, and you must decide what to do: "
                    + $"{difference.Refused}. Sql holds the statements; nothing was changed.",
                difference.Sql);

        if (difference.Sql.Length > 0)
            await RunAsync(connection, difference, cancellationToken).ConfigureAwait(false);

        try
        {
            await stamp.WriteAsync(connection, difference.Drift, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege && difference.Sql.Length == 0)
        {
            // If the role may not write the stamp, each check is a full one; still, nothing is missing.
        }

        return new SchemaReport(difference.Sql, difference.Drift);
    }

    public async Task<SchemaReport> AssertAsync(CancellationToken cancellationToken = default)
    {
        if (OfTenants is not null)
            return await VisitTenantsAsync(static (schema, token) => schema.AssertAsync(token), cancellationToken).ConfigureAwait(false);

        var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);

        // A schema changes all at once. So if nothing is missing, it is complete, whoever holds the lock.
        var difference = await LookAsync(connection, takeLock: "", cancellationToken).ConfigureAwait(false);
        if (difference.Sql.Length > 0)
            difference = await LookAsync(connection, MigrationLock.TakeShared, cancellationToken).ConfigureAwait(false);

        return difference.Sql.Length == 0
            ? new SchemaReport("", difference.Drift)
            : throw Mismatch(
                $"Schema '{_schema.Name}' lacks what the store needs: {difference.Description}. Call store.Schema.ApplyAsync() (in a host "
                    + "ApplySchemaOnStartup()), or run the statements in Sql.",
                difference.Sql);
    }

    public async Task RenewLockTagAsync(CancellationToken cancellationToken = default)
    {
        if (await VisitTenantsAsync(schema => schema.RenewLockTagAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
            return;

        var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await BeginAsync(connection, MigrationLock.Take, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await ExecuteAsync(connection, StoreRowSchema.RenewTag(_schema), cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task ScriptAsync(TextWriter writer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var script = $"begin;\n{MigrationLock.Take}\n\n{_objects.Value.Script}commit;\n";
        await writer.WriteAsync(script.AsMemory(), cancellationToken).ConfigureAwait(false);
    }

    public Task CreateEventViewsAsync(CancellationToken cancellationToken = default) => CreateEventViewsAsync(_schema, cancellationToken);

    public Task CreateEventViewsAsync(string schema, CancellationToken cancellationToken = default) =>
        CreateEventViewsAsync(new SqlIdentifier(schema), cancellationToken);

    private async Task CreateEventViewsAsync(SqlIdentifier views, CancellationToken cancellationToken)
    {
        if (await VisitTenantsAsync(schema => schema.CreateEventViewsAsync(views, cancellationToken), cancellationToken).ConfigureAwait(
            false))
            return;

        var all = EventViews(views);
        try
        {
            await CreateAsync(views, all, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (SqlStates.NamesMissingObject(failure.SqlState))
        {
            // Asked after the connection is given back: a pool of one has no other.
            await AssertAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task CreateAsync(SqlIdentifier views, IReadOnlyList<StoreView> all, CancellationToken cancellationToken)
    {
        var connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await BeginAsync(connection, MigrationLock.Take, cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await StoreView.CheckNamesAsync(connection, _schema, views, all, cancellationToken).ConfigureAwait(false);
        var script = $"create schema if not exists {views};\n{string.Concat(all.Select(static view => view.Sql))}";
        await ExecuteAsync(connection, script, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One database after the other, up to the first that fails.</summary>
    private async Task<SchemaReport> VisitTenantsAsync(
        Func<StoreSchema, CancellationToken, Task<SchemaReport>> visit, CancellationToken cancellationToken)
    {
        var applied = new StringBuilder();
        List<SchemaDrift> drift = [];
        foreach (var schema in await OfTenants!(cancellationToken).ConfigureAwait(false))
        {
            var report = await visit(schema, cancellationToken).ConfigureAwait(false);
            drift.AddRange(report.Drift);
            if (report.Applied.Length > 0)
                applied.Append(CultureInfo.InvariantCulture, $"-- Tenant {schema.TenantId}\n{report.Applied}\n");
        }

        return new SchemaReport(applied.ToString(), drift);
    }

    /// <returns>Whether tenants have databases of their own.</returns>
    private async Task<bool> VisitTenantsAsync(Func<StoreSchema, Task> visit, CancellationToken cancellationToken)
    {
        foreach (var schema in OfTenants is null ? [] : await OfTenants(cancellationToken).ConfigureAwait(false))
            await visit(schema).ConfigureAwait(false);

        return OfTenants is not null;
    }

    private SchemaMismatchException Mismatch(string message, string sql, Exception? innerException = null) =>
        new(_schema.Name, message, sql, innerException) { TenantId = TenantId };

    private async Task<SchemaDifference> LookAsync(NpgsqlConnection connection, string takeLock, CancellationToken cancellationToken)
    {
        var transaction = await BeginAsync(connection, takeLock, cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        return await FindDifferenceAsync(connection, cancellationToken).ConfigureAwait(false);
    }

    private async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, string takeLock, CancellationToken cancellationToken)
    {
        // Read committed, whatever the role's default: after the wait for the lock, this must see what others have done.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);

        // The server prints names without their schema if the search path finds them, and in quotes if the role asks for that. So they are
        // compared under one path and without quotes.
        try
        {
            await ExecuteAsync(
                connection,
                string.Create(CultureInfo.InvariantCulture, $"""
                select pg_catalog.set_config('lock_timeout', '{LockTimeouts.Of(Patience)}', true),
                       pg_catalog.set_config('statement_timeout', '0', true);
                {takeLock}
                select pg_catalog.set_config('lock_timeout', '{LockTimeout.TotalMilliseconds}', true),
                       {SchemaText.Setting(_schema)};
                """),
                cancellationToken).ConfigureAwait(false);
            return transaction;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw new SchemaLockedException(
                _schema.Name, await MigrationLock.FindHolderAsync(connection, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await transaction.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<SchemaDifference> FindDifferenceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var migration = await SchemaMigration
            .DetermineAsync(connection, SchemaText.Migrator, cancellationToken, _objects.Value.All)
            .ConfigureAwait(false);
        return new SchemaDifference([.. migration.Deltas.Cast<Growth>()]);
    }

    private async Task RunAsync(NpgsqlConnection connection, SchemaDifference difference, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, difference.Sql, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // The existing rows do not fit what is to be added.
            throw Mismatch(
                $"The rows of schema '{_schema.Name}' do not fit what the store needs: {difference.Description}. Correct them, then call "
                    + "store.Schema.ApplyAsync() again; nothing was changed.",
                difference.Sql,
                e);
        }

        var rest = await FindDifferenceAsync(connection, cancellationToken).ConfigureAwait(false);
        if (rest.Sql.Length > 0)
        {
            throw new InvalidOperationException(
                $"After the changes, schema '{_schema.Name}' still differed from what the store needs, so they were rolled back. "
                + $"Either a name is taken, or the role cannot see what it does not own. Still missing:\n{rest.Sql}");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // An index over many rows, or another process that migrates, may take longer than the store's commands may.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
