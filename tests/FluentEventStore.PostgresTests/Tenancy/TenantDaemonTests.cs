using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace FluentEventStore.PostgresTests.Tenancy;

public sealed class TenantDaemonTests(TenantServer server) : IClassFixture<TenantServer>, IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Tenant, string Text)> _seen = new();
    private readonly string _schema = $"s_{Guid.NewGuid():N}"[..18];
    private readonly Tenants _tenants = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var (tenantId, connectionString) in server.Two)
            _tenants.All[tenantId] = connectionString;

        await using var store = Create();
        await store.Schema.ApplyAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_daemon_carries_the_subscriptions_of_all_databases_and_catches_up_in_all()
    {
        await using var store = Create();
        await AppendAsync(store, "a", "1");
        await AppendAsync(store, "b", "2");
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        _seen.ShouldBe([("a", "1"), ("b", "2")], ignoreOrder: true);

        await AppendAsync(store, "b", "3");
        await daemon.CatchUpAsync(Cancellation);
        _seen.ShouldContain(("b", "3"));
        (await StatusAsync(store, "a")).Position.ShouldBe(1);
        (await StatusAsync(store, "b")).Position.ShouldBe(2);
        await daemon.StopAsync(Cancellation);
        (await StatusAsync(store, "b")).State.ShouldBe(SubscriptionState.Unowned);
    }

    [Fact]
    public async Task Who_waits_for_a_commit_waits_for_the_subscription_in_the_database_of_its_tenant()
    {
        await using var store = Create();
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        var name = (await StatusAsync(store, "a")).Name;
        await store.DatabaseOf("a").Subscriptions.PauseAsync(name, Cancellation);
        await using var ofA = store.OpenSession("a");
        ofA.Events.Append("note", new NoteTaken("1"));
        await using var ofB = store.OpenSession("b");
        ofB.Events.Append("note", new NoteTaken("2"));

        await store.WaitForAsync(await ofB.SaveChangesAsync(Cancellation), name, TimeSpan.FromSeconds(20), Cancellation);
        _seen.ShouldBe([("b", "2")]);
        (await store.WaitForAsync(await ofA.SaveChangesAsync(Cancellation), name, TimeSpan.FromSeconds(20), Cancellation)
            .ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldBe("it is paused.");
    }

    [Fact]
    public async Task A_database_that_is_listed_later_is_carried_from_then_on_and_one_that_is_listed_no_more_is_left()
    {
        _tenants.All.TryRemove("b", out var connectionString);
        await using var store = Create();
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Cancellation);
        await AppendAsync(store, "a", "1");
        await daemon.CatchUpAsync(Cancellation);

        _tenants.All["b"] = connectionString!;
        await AppendAsync(store, "b", "2");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_seen.Contains(("b", "2"))), "the new database is carried");

        _tenants.All.TryRemove("a", out _);
        await Eventually.BecomesTrueAsync(
            async () => (await StatusAsync(store, "a")).State == SubscriptionState.Unowned, "the other one is left");
        (await StatusAsync(store, "b")).State.ShouldNotBe(SubscriptionState.Unowned);
    }

    [Fact]
    public async Task All_of_a_database_is_carried_by_one_process_and_by_another_if_that_one_ends()
    {
        await using var one = Create();
        await using var other = Create();
        await using var first = one.BuildDaemon(DaemonMode.HotCold);
        await using var second = other.BuildDaemon(DaemonMode.HotCold);
        await first.StartAsync(Cancellation);
        await second.StartAsync(Cancellation);
        foreach (var tenantId in server.Two.Keys)
            await Eventually.BecomesTrueAsync(async () => await OwnersAsync(tenantId) == "1 of 4", "one process carries all");

        await first.StopAsync(Cancellation);
        foreach (var tenantId in server.Two.Keys)
        {
            await Eventually.BecomesTrueAsync(async () => await OwnersAsync(tenantId) == "1 of 4", "another process carries all");
            foreach (var number in Enumerable.Range(0, 8))
                await AppendAsync(other, tenantId, $"{number}", $"note-{number}");
        }

        await second.CatchUpAsync(Cancellation);
        _seen.Count.ShouldBe(16);
        _seen.Distinct().Count().ShouldBe(16);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_keeps_nobody_from_the_others_and_is_tried_again()
    {
        var reachable = _tenants.All["b"];
        _tenants.All["b"] = new NpgsqlConnectionStringBuilder(reachable) { Port = 1 }.ConnectionString;
        await using var store = Create();
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Cancellation);
        await AppendAsync(store, "a", "1");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_seen.Contains(("a", "1"))), "the database that answers is carried");
        (await Should.ThrowAsync<InvalidOperationException>(() => daemon.CatchUpAsync(Cancellation))).Message.ShouldContain("'b'");

        _tenants.All.TryRemove("b", out _);
        await daemon.CatchUpAsync(Cancellation);
    }

    [Fact]
    public async Task A_host_carries_the_subscriptions_of_all_tenants()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddFluentEventStore(Configure).ApplySchemaOnStartup().AddDaemon();
        using var host = builder.Build();
        await host.StartAsync(Cancellation);
        var store = host.Services.GetRequiredService<IEventStore>();
        await AppendAsync(store, "a", "1");
        await AppendAsync(store, "b", "2");

        await host.Services.GetRequiredService<IDaemon>().CatchUpAsync(Cancellation);

        _seen.ShouldBe([("a", "1"), ("b", "2")], ignoreOrder: true);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_store_that_is_disposed_ends_its_daemons()
    {
        var store = Create();
        var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Cancellation);
        await store.DisposeAsync();

        var listed = _tenants.Listed;
        await daemon.DisposeAsync();
        _tenants.Listed.ShouldBe(listed);
        await using var later = Create();
        (await StatusAsync(later, "a")).State.ShouldBe(SubscriptionState.Unowned);
    }

    [Fact]
    public async Task A_daemon_that_is_stopped_while_it_starts_carries_nothing_and_both_end()
    {
        await using var store = Create();
        var daemon = store.BuildDaemon(DaemonMode.Solo);
        _tenants.Gate = new TaskCompletionSource().Task;
        var starting = daemon.StartAsync(Cancellation);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_tenants.Listed > 0), "it lists");
        await daemon.StopAsync(Cancellation).WaitAsync(Eventually.HangGuard, Cancellation);
        await starting.WaitAsync(Eventually.HangGuard, Cancellation).ShouldThrowAsync<ObjectDisposedException>();
        _tenants.Gate = Task.CompletedTask;
        await daemon.StartAsync(Cancellation).ShouldThrowAsync<ObjectDisposedException>();
        foreach (var tenantId in server.Two.Keys)
            (await OwnersAsync(tenantId)).ShouldBe("0 of 0");

        await daemon.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    public async Task A_daemon_that_is_stopped_some_time_into_its_start_carries_nothing_afterwards(int milliseconds)
    {
        await using var store = Create();
        var daemon = store.BuildDaemon(DaemonMode.Solo);
        var starting = daemon.StartAsync(Cancellation);
        await Task.Delay(milliseconds, Cancellation);
        await Task.WhenAll(daemon.StopAsync(Cancellation), daemon.StopAsync(Cancellation)).WaitAsync(Eventually.HangGuard, Cancellation);
        await Task.WhenAny(starting).WaitAsync(Eventually.HangGuard, Cancellation);
        foreach (var tenantId in server.Two.Keys)
            (await OwnersAsync(tenantId)).ShouldBe("0 of 0");

        var listed = _tenants.Listed;
        await Task.WhenAll(daemon.DisposeAsync().AsTask(), daemon.DisposeAsync().AsTask(), daemon.StopAsync(Cancellation));
        _tenants.Listed.ShouldBe(listed);
    }

    private EventStore Create() => EventStore.For(Configure);

    private void Configure(EventStoreOptions options)
    {
        options.Schema = _schema;
        options.TenantDatabases(_tenants);
        options.Subscriptions.TenantInterval = TimeSpan.FromSeconds(1);
        options.Subscriptions.Add("notes", subscription => subscription.PartitionByStream(4).Handle((@event, _) =>
        {
            _seen.Enqueue((@event.TenantId.Value, ((NoteTaken)@event.Data).Text));
            return Task.CompletedTask;
        }));
    }

    private async Task<string?> OwnersAsync(TenantId tenantId) => (await Database.AskAsync(
        server.Two[tenantId], $"select count(distinct owner) || ' of ' || count(owner) from {_schema}.checkpoints"))?.ToString();

    private static async Task AppendAsync(IEventStore store, TenantId tenantId, string text, string stream = "note")
    {
        await using var session = store.OpenSession(tenantId);
        session.Events.Append(stream, new NoteTaken(text));
        await session.SaveChangesAsync(Cancellation);
    }

    private static async Task<SubscriptionStatus> StatusAsync(EventStore store, TenantId tenantId) =>
        (await store.DatabaseOf(tenantId).Subscriptions.StatusAsync(Cancellation)).ShouldHaveSingleItem();

    private sealed class Tenants : ITenantDatabases
    {
        private int _listed;

        public ConcurrentDictionary<TenantId, string> All { get; } = new();

        /// <summary>What a listing waits for.</summary>
        public Task Gate { get; set; } = Task.CompletedTask;

        public int Listed => Volatile.Read(ref _listed);

        // A tenant that is listed no more is still found.
        private readonly ConcurrentDictionary<TenantId, string> _known = new();

        public ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken)
        {
            if (All.TryGetValue(tenantId, out var text))
                _known[tenantId] = text;

            return new(_known.GetValueOrDefault(tenantId));
        }

        public async ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _listed);
            await Gate.WaitAsync(cancellationToken);
            return [.. All.Keys];
        }
    }
}
