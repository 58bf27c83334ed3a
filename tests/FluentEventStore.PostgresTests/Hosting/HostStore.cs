using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.PostgresTests.Hosting;

/// <summary>A schema for the hosts of one test class, empty at first.</summary>
public sealed class HostStore(PostgresServer server) : IAsyncLifetime
{
    public string Schema { get; } = server.CreateSchemaName();

    public string ConnectionString => server.ConnectionString;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await server.DropSchemaAsync(Schema);
    }

    /// <summary>A host as <c>Host.CreateApplicationBuilder</c> makes it in development, with a store in the schema.</summary>
    public IHost Build(Action<EventStoreBuilder> add, Action<EventStoreOptions>? configure = null, string? connectionString = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("FluentEventStore:ConnectionName", (string?)"Bank"),
            KeyValuePair.Create("ConnectionStrings:Bank", connectionString ?? ConnectionString)!,
            KeyValuePair.Create("Logging:LogLevel:Default", (string?)"None"),
        ]);
        add(builder.Services.AddFluentEventStore(options =>
        {
            options.Schema = Schema;
            configure?.Invoke(options);
        }));
        return builder.Build();
    }
}
