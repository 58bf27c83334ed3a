using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests;

/// <summary>A store in a schema of its own, shared by the tests of a class: each test works on streams and documents of its own.</summary>
public class BankStore(PostgresServer server) : IAsyncLifetime
{
    // Schemas of a database change one after the other. Waiting in the process does not end after a minute, however many wait and however
    // slow the machine is.
    private static readonly SemaphoreSlim Applying = new(1);

    private EventStore? _store;

    public string Schema { get; } = server.CreateSchemaName();

    /// <summary>Of the superuser, who owns the schema.</summary>
    public string ConnectionString => server.ConnectionString;

    /// <summary>Of the stores, which may be those of an <see cref="ApplicationRole"/>.</summary>
    public virtual string StoreConnectionString => server.ConnectAsApplication(ConnectionString);

    public EventStore Store => _store ?? throw new InvalidOperationException("The store is not set up.");

    public virtual async ValueTask InitializeAsync()
    {
        await CreateSchemaAsync();
        _store = CreateStore();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_store is not null)
            await _store.DisposeAsync();
        await server.DropSchemaAsync(Schema);
    }

    /// <summary>Another store in the same schema, as another process would have it.</summary>
    public EventStore CreateStore(Action<EventStoreOptions>? configure = null) => EventStore.For(options =>
    {
        Configure(options);
        Complete(options, configure, server.ConnectAsApplication);
    });

    /// <summary>As <see cref="CreateStore"/>, with nothing of what is set for this class.</summary>
    public EventStore CreateBareStore(Action<EventStoreOptions>? configure = null) =>
        EventStore.For(options => Complete(options, configure, server.ConnectAsApplication));

    /// <summary>
    /// As <see cref="CreateStore"/>, with the rights of the owner of the schema, for what an application may not do: change the schema,
    /// make views in it.
    /// </summary>
    public EventStore CreateOwnerStore(Action<EventStoreOptions>? configure = null) => EventStore.For(options =>
    {
        Configure(options);
        Complete(options, configure, static connectionString => connectionString);
    });

    // The script asks the database for nothing, which takes half the time.
    private async Task CreateSchemaAsync()
    {
        await using var owner = CreateOwnerStore();
        await using var script = new StringWriter();
        await owner.Schema.ScriptAsync(script, TestContext.Current.CancellationToken);
        await Applying.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await Database.AskAsync(ConnectionString, script.ToString());
        }
        finally
        {
            Applying.Release();
        }

        await server.GrantAsync(Schema);
    }

    /// <summary>Has the owner of the schema create what a store with these settings needs.</summary>
    public async Task ApplyAsync(Action<EventStoreOptions>? configure = null)
    {
        await using var owner = CreateOwnerStore(configure);
        await Applying.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await owner.Schema.ApplyAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            Applying.Release();
        }

        await server.GrantAsync(Schema);
    }

    /// <summary>Has a store write once, so that its checks before the first unit are done.</summary>
    public static async Task WriteOnceAsync(EventStore store)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"once-{Guid.NewGuid()}", new NoteTaken("a"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Saves events to a stream.</summary>
    public async Task<Commit> AppendAsync(StreamId streamId, params object[] events)
    {
        await using var session = Store.OpenSession();
        session.Events.Append(streamId, events);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public async Task<IReadOnlyList<IEvent>> FetchAsync(StreamId streamId)
    {
        await using var session = Store.OpenQuerySession();
        return await session.Events.FetchStreamAsync(streamId, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Locks a stream that exists, as another transaction would, as long as the returned connection is open.</summary>
    public async Task<NpgsqlConnection> HoldAsync(StreamId streamId)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand($"select from {Schema}.streams where id = $1 for update", connection)
        {
            Parameters = { new() { Value = streamId.Value } },
        };
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Runs a statement as somebody with psql would; <c>{schema}</c> stands for the schema.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql.Replace("{schema}", Schema, StringComparison.Ordinal), connection)
        {
            CommandTimeout = 300
        };
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Changes recorded things as nobody should: past the guard.</summary>
    public Task TamperAsync(string sql) => ExecuteAsync($"select set_config('fes.permit', 'tampering', true); {sql}");

    /// <summary>Changes keys as nobody should: no trigger fires.</summary>
    public Task TamperKeysAsync(string sql) =>
        ExecuteAsync($"set session_replication_role = replica; {sql}; set session_replication_role = origin");

    protected virtual void Configure(EventStoreOptions options)
    {
    }

    private void Complete(EventStoreOptions options, Action<EventStoreOptions>? configure, Func<string, string> connect)
    {
        options.Schema = Schema;
        configure?.Invoke(options);
        if (!options.SaysWhereToConnect || options.ConnectionString is not null)
            options.Connection(connect(options.ConnectionString ?? ConnectionString));
    }
}
