using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class HealthTests(BankStore bank) : IClassFixture<BankStore>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_that_is_well_says_so_four_times()
    {
        await using var provider = Build();

        var report = await CheckAsync(provider);

        report.Entries.Keys.ShouldBe(
            [
                "fluenteventstore-database", "fluenteventstore-schema", "fluenteventstore-settling", "fluenteventstore-subscriptions",
                "fluenteventstore-messages",
            ],
            ignoreOrder: true);
        report.Entries.Values.ShouldAllBe(static entry => entry.Status == HealthStatus.Healthy && entry.Tags.Contains("ready"));
    }

    [Fact]
    public void The_checks_of_a_store_that_there_is_not_say_so()
    {
        using var provider = new ServiceCollection().AddLogging()
            .AddHealthChecks().AddFluentEventStore(static options => options.Key = "lost").Services
            .BuildServiceProvider();

        var check = Should.Throw<InvalidOperationException>(() => provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value
            .Registrations.First().Factory(provider));
        check.Message.ShouldContain("AddKeyedFluentEventStore(\"lost\")");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unhealthy_and_no_password_is_told()
    {
        await using var provider = Build(new NpgsqlConnectionStringBuilder(bank.StoreConnectionString)
        {
            Host = "127.0.0.1",
            Port = 1,
            Password = "secret",
        }.ConnectionString);

        var report = await CheckAsync(provider);

        Needed(report).ShouldAllBe(static entry => entry.Status == HealthStatus.Unhealthy);
        report.Entries["fluenteventstore-database"].Description.ShouldNotBeNull().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_schema_that_lacks_something_is_unhealthy_and_says_what()
    {
        await using var provider = Build(schema: $"{bank.Schema}_missing");

        var report = await CheckAsync(provider);

        var entry = report.Entries["fluenteventstore-schema"];
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("_missing");
        report.Entries["fluenteventstore-database"].Status.ShouldBe(HealthStatus.Healthy);
    }

    [Theory]
    [InlineData(1, 3_600_000, HealthStatus.Degraded)]
    [InlineData(1, 2, HealthStatus.Unhealthy)]
    [InlineData(3_000_000, 3_600_000, HealthStatus.Healthy)]
    public async Task A_transaction_that_holds_readers_back_is_named(int degradedAfter, int unhealthyAfter, HealthStatus expected)
    {
        await using var provider = Build(configure: options =>
        {
            options.SettlingDegradedAfter = TimeSpan.FromMilliseconds(degradedAfter);
            options.SettlingUnhealthyAfter = TimeSpan.FromMilliseconds(unhealthyAfter);
        });
        await using var holding = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(bank.StoreConnectionString) { ApplicationName = "holding" }.ConnectionString);
        await holding.OpenAsync(Cancellation);
        await using var transaction = await holding.BeginTransactionAsync(Cancellation);
        await using var session = bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append(Guid.NewGuid(), new NoteTaken("held"));
        await session.SaveChangesAsync(Cancellation);

        // Old enough for any of the limits in milliseconds, by the clock of the server.
        await using var wait = new NpgsqlCommand("select pg_sleep(0.01)", holding);
        await wait.ExecuteNonQueryAsync(Cancellation);
        var entry = (await CheckAsync(provider)).Entries["fluenteventstore-settling"];

        entry.Status.ShouldBe(expected);
        if (expected == HealthStatus.Healthy)
            return;

        entry.Description.ShouldNotBeNull().ShouldContain("holding");
        entry.Data["pid"].ShouldBe(holding.ProcessID);
        entry.Data["application"].ShouldBe("holding");
        entry.Data["age"].ShouldBeOfType<TimeSpan>().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Each_store_has_its_own_checks()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddKeyedFluentEventStore("billing", options =>
        {
            options.Schema = bank.Schema;
            options.Connection(bank.StoreConnectionString);
        });
        services.AddHealthChecks().AddFluentEventStore(static options => (options.Key, options.Tags) = ("billing", ["live"]));
        await using var provider = services.BuildServiceProvider();

        var report = await CheckAsync(provider);

        report.Entries.Keys.ShouldAllBe(static name => name.StartsWith("fluenteventstore-billing-", StringComparison.Ordinal));
        report.Status.ShouldBe(HealthStatus.Healthy);
        report.Entries.Values.ShouldAllBe(static entry => entry.Tags.Single() == "live");
    }

    [Fact]
    public async Task The_database_of_the_tenant_that_is_not_well_is_named()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddFluentEventStore(options =>
        {
            options.Schema = bank.Schema;
            options.TenantDatabases(TenantDatabases.Static(new Dictionary<TenantId, string>
            {
                ["acme"] = bank.StoreConnectionString,
                ["lost"] = new NpgsqlConnectionStringBuilder(bank.StoreConnectionString) { Port = 1 }.ConnectionString,
            }));
        });
        services.AddHealthChecks().AddFluentEventStore();
        await using var provider = services.BuildServiceProvider();

        var report = await CheckAsync(provider);

        Needed(report).ShouldAllBe(static entry => entry.Status == HealthStatus.Unhealthy
            && entry.Description!.StartsWith("Tenant lost: ", StringComparison.Ordinal));
    }

    // No subscription is declared here.
    private static IEnumerable<HealthReportEntry> Needed(HealthReport report) =>
        report.Entries.Where(static one => one.Key != "fluenteventstore-subscriptions").Select(static one => one.Value);

    private ServiceProvider Build(
        string? connectionString = null, string? schema = null, Action<EventStoreHealthOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddFluentEventStore(options =>
        {
            options.Schema = schema ?? bank.Schema;
            options.Connection(connectionString ?? bank.StoreConnectionString);
        });
        services.AddHealthChecks().AddFluentEventStore(configure ?? (static _ => { }));
        return services.BuildServiceProvider();
    }

    private static Task<HealthReport> CheckAsync(ServiceProvider provider) =>
        provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
}
