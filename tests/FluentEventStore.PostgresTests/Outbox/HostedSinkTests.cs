using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>A sink among the services of an application, and what the health check says of messages.</summary>
public sealed class HostedSinkTests(PostgresServer server) : IAsyncLifetime
{
    private readonly OutboxStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_sink_has_a_scope_for_each_message_with_a_session_of_its_tenant()
    {
        await using var provider = Build(static options => options.Messages.SendTo<ScopedSink>());
        var store = provider.GetRequiredService<IEventStore>();
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await using (var session = store.OpenSession("acme"))
        {
            session.Messages.Publish(new Numbered("a", 1));
            session.Messages.Publish(new Numbered("a", 2));
            await session.SaveChangesAsync(Token);
        }

        var kept = provider.GetRequiredService<Sink>();
        await kept.HasAsync(2);
        var scopes = provider.GetRequiredService<Scopes>();
        scopes.Sinks.Distinct().Count().ShouldBe(2);
        scopes.Tenants.ShouldBe([new TenantId("acme"), new TenantId("acme")]);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(scopes.Disposed == 2), "the scopes are over");
    }

    [Fact]
    public void A_sink_from_services_needs_an_application() => Should.Throw<InvalidOperationException>(
        () => _bank.CreateStore(static options => options.Messages.SendTo<ScopedSink>())).Message.ShouldContain("AddFluentEventStore");

    [Fact]
    public async Task Health_is_degraded_while_a_message_has_failed_for_long_or_waits_for_long()
    {
        await using var provider = Build(static options =>
        {
            options.Messages.LongestPause = TimeSpan.FromMilliseconds(1);
            options.Messages.SendTo(new Sink(static (_, _) => throw new InvalidOperationException("no line")));
        });
        var store = provider.GetRequiredService<IEventStore>();
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        await OutboxStore.PublishAsync(_bank.Store, "k", new Numbered("a", 1));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await Eventually.BecomesTrueAsync(
            async () => (await CheckAsync(provider)).Status == HealthStatus.Degraded, "an alarm is raised");
        var entry = await CheckAsync(provider);
        (entry.Data["waiting"], entry.Data["failing"], entry.Data["alarmed"]).ShouldBe((1L, 1L, 1L));
        entry.Description.ShouldNotBeNull().ShouldContain("numbered");

        await using var impatient = Build(static _ => { }, static options => options.MessagesDegradedAfter = TimeSpan.FromTicks(1));
        await _bank.ExecuteAsync("delete from {schema}.message_lanes");
        var waiting = await CheckAsync(impatient);
        (waiting.Status, waiting.Data["waiting"]).ShouldBe((HealthStatus.Degraded, 1L));
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            static one => one.Name == "fluenteventstore-messages", Token)).Entries.Single().Value;

    private ServiceProvider Build(Action<EventStoreOptions> configure, Action<EventStoreHealthOptions>? health = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<Scopes>().AddSingleton<Sink>(static _ => new Sink())
            .AddScoped<ScopedSink>();
        services.AddFluentEventStore(options =>
        {
            options.Connection(_bank.StoreConnectionString);
            options.Schema = _bank.Schema;
            configure(options);
        });
        services.AddHealthChecks().AddFluentEventStore(health ?? (static _ => { }));
        return services.BuildServiceProvider();
    }

    private sealed class Scopes
    {
        private int _disposed;

        public System.Collections.Concurrent.ConcurrentBag<object> Sinks { get; } = [];

        public System.Collections.Concurrent.ConcurrentBag<TenantId> Tenants { get; } = [];

        public int Disposed => Volatile.Read(ref _disposed);

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    private sealed class ScopedSink(Scopes scopes, Sink kept, IDocumentSession session) : IMessageSink, IDisposable
    {
        public Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
        {
            scopes.Sinks.Add(this);
            scopes.Tenants.Add(session.TenantId);
            return kept.SendAsync(message, cancellationToken);
        }

        public void Dispose() => scopes.Dispose();
    }
}
