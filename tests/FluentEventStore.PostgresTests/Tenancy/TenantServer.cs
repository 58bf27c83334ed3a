using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.PostgresTests.Tenancy;

/// <summary>Databases of tenants in the server of the tests, dropped when the tests of the class have ended.</summary>
public sealed class TenantServer(PostgresServer server) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _names = new();
    private IReadOnlyDictionary<TenantId, string>? _two;

    /// <summary>The tenants <c>a</c> and <c>b</c>, each with an empty database, and no tenant <c>default</c>.</summary>
    public IReadOnlyDictionary<TenantId, string> Two => _two ?? throw new InvalidOperationException("The databases are not created.");

    /// <summary>The database that all other tests use.</summary>
    public string ConnectionString => server.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _two = new Dictionary<TenantId, string> { ["a"] = await CreateDatabaseAsync(), ["b"] = await CreateDatabaseAsync() };

    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"t_{Guid.NewGuid():N}"[..18];
        _names.Enqueue(name);
        await Database.AskAsync(ConnectionString, $"create database {name} {options}");
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, MaxPoolSize = 10 }.ConnectionString;
    }

    /// <summary>A store with a database for each tenant. The schema has the same name in all of them.</summary>
    public static EventStore CreateStore(ITenantDatabases databases, Action<EventStoreOptions>? configure = null) =>
        EventStore.For(options =>
    {
        options.TenantDatabases(databases);
        configure?.Invoke(options);
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names)
            await Database.AskAsync(ConnectionString, $"drop database if exists {name} with (force)");
    }
}
