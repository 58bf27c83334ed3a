using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class TenantStartupTests(PostgresServer server) : IAsyncLifetime
{
    private readonly HostStore _host = new(server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Many_databases_that_all_answer_are_waited_for_although_together_they_take_longer()
    {
        using var first = _host.Build(static builder => builder.ApplySchemaOnStartup());
        await first.StartAsync(Cancellation);
        await first.StopAsync(Cancellation);

        // The server itself takes a second for each new connection.
        var builder = Host.CreateApplicationBuilder();
        var databases = Enumerable.Range(0, 5).ToDictionary(static number => (TenantId)$"t{number}", number =>
            new NpgsqlConnectionStringBuilder(_host.ConnectionString)
            {
                ApplicationName = $"t{number}", Options = "-c post_auth_delay=1",
            }.ConnectionString);
        builder.Services.AddFluentEventStore(options =>
        {
            options.Schema = _host.Schema;
            options.TenantDatabases(TenantDatabases.Static(databases));
            options.Startup.DatabasePatience = TimeSpan.FromSeconds(3);
        }).AssertSchemaOnStartup();
        using var host = builder.Build();

        await host.StartAsync(Cancellation);
        await host.StopAsync(Cancellation);
    }
}
