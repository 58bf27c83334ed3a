using System.Reflection;
using System.Text;
using App;
using FluentEventStore;
using Npgsql;

// Prints what the store makes of events whose types the program has not touched yet, and then of its own.
await using var postgres = await LocalPostgres.StartAsync();
var schema = $"consumer_{Guid.NewGuid():N}"[..20];
await using var dataSource = NpgsqlDataSource.Create(postgres.ConnectionString);
try
{
    await using var store = EventStore.For(options =>
    {
        options.Connection(postgres.ConnectionString);
        options.Schema = schema;
    });
    await store.Schema.ApplyAsync();
    await store.Transfer.ImportAsync(StoredAsync());
    await Shelf.PrintAsync(store, "stored");
    await Shelf.OrderAsync(store);

    await Shelf.PrintAsync(store, "plugged");
    var plugin = Assembly.LoadFrom(args[0]);
    await using var extended = EventStore.For(options =>
    {
        options.Connection(postgres.ConnectionString);
        options.Schema = schema;
        options.Events.AddAssembly(plugin);
    });
    await Shelf.PrintAsync(extended, "plugged");
    await Foreign.PrintAsync(store, dataSource, schema);
}
finally
{
    await using var drop = dataSource.CreateCommand($"drop schema if exists {schema}, {schema}_keys cascade");
    await drop.ExecuteNonQueryAsync();
}

static async IAsyncEnumerable<ImportedEvent> StoredAsync()
{
    await Task.CompletedTask;
    (string Name, string Json)[] stored =
    [
        ("namespaceless", """{"text":"t"}"""),
        ("nested", """{"text":"t","day":"Monday"}"""),
        ("page-turned", """{"number":{"first":1},"text":{"first":{"first":"t","count":3},"count":2}}"""),
        ("measured", """{"value":1.5,"at":"2030-01-02T03:04:05+01:00"}"""),
        ("legacy", """{"name":"n","count":null,"lines":["a","b"]}"""),
        ("keyword", """{"int":1,"event":"e","default":"false","string":"s"}"""),
        ("paid", """{"amount":7}"""),
    ];
    for (var index = 0; index < stored.Length; index++)
        yield return Imported("stored", index + 1, stored[index]);

    yield return Imported("plugged", 1, ("plugged", """{"text":"t"}"""));
}

static ImportedEvent Imported(string stream, long version, (string Name, string Json) stored) =>
    new(stream, version, stored.Name, 1, Encoding.UTF8.GetBytes(stored.Json)) { Timestamp = DateTimeOffset.UnixEpoch };
