using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class SubscriptionHealthTests(PostgresServer server) : IAsyncLifetime
{
    private const string Check = "fluenteventstore-subscriptions";

    private readonly BankStore _bank = new(server);
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_subscription_that_follows_is_healthy_and_so_is_a_store_without_any()
    {
        await using var none = Build(declare: null);
        (await CheckAsync(none)).Status.ShouldBe(HealthStatus.Healthy);

        await using var provider = Build(Nothing);
        await _bank.AppendAsync("note", new NoteTaken("a"));
        await using var daemon = await StartAsync(provider);
        await daemon.CatchUpAsync(Cancellation);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        _clock.Advance(TimeSpan.FromHours(1));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_subscription_that_has_stopped_at_an_event_is_unhealthy_and_named()
    {
        await _bank.AppendAsync("note", new NoteTaken("a"));
        await using var provider = Build(static subscription => subscription.OnError(0, FailedEvent.Stop).Handle(Fail));
        await using var daemon = await StartAsync(provider);
        await Should.ThrowAsync<SubscriptionStoppedException>(() => daemon.CatchUpAsync(Cancellation));

        var entry = await CheckAsync(provider);

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("'notes'");
        (entry.Data["subscription"], entry.Data["position"], entry.Data["lag"], entry.Data["state"]).ShouldBe(("notes", 0L, 1L, "Faulted"));
    }

    [Fact]
    public async Task A_declared_subscription_that_does_not_exist_is_degraded_and_after_a_time_unhealthy()
    {
        await using var provider = Build(Nothing);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Degraded);
        await using var daemon = await StartAsync(provider);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        await provider.GetRequiredService<IEventStore>().Subscriptions.DeleteAsync("notes", Cancellation);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Degraded);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var entry = await CheckAsync(provider);
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldNotBeNull().ShouldContain("'notes' does not exist");
        entry.Data["subscription"].ShouldBe("notes");
    }

    [Fact]
    public async Task A_subscription_with_parked_keys_is_degraded()
    {
        await _bank.AppendAsync("note", new NoteTaken("a"));
        await using var provider = Build(static subscription => subscription.OnError(0, FailedEvent.Park).Handle(Fail));
        await using var daemon = await StartAsync(provider);
        await daemon.CatchUpAsync(Cancellation);

        var entry = await CheckAsync(provider);

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Data["parked"].ShouldBe(1);
    }

    [Fact]
    public async Task A_subscription_that_is_behind_and_does_not_move_for_a_time_is_unhealthy_whoever_should_carry_it()
    {
        await using var provider = Build(Nothing);
        await using (var daemon = await StartAsync(provider))
            await daemon.StopAsync(Cancellation);

        await _bank.AppendAsync("note", new NoteTaken("a"));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        _clock.Advance(TimeSpan.FromSeconds(59));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var entry = await CheckAsync(provider);
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        (entry.Data["position"], entry.Data["lag"], entry.Data["state"]).ShouldBe((0L, 1L, "Unowned"));

        await using var later = await StartAsync(provider);
        await later.CatchUpAsync(Cancellation);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_subscription_that_moves_is_healthy_however_far_it_is_behind()
    {
        var store = _bank.CreateStore(static options => options.Subscriptions.Add("notes", Nothing));
        await using (var daemon = store.BuildDaemon())
            await daemon.StartAsync(Cancellation);

        await using var provider = Build(Nothing);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await _bank.AppendAsync("note", new NoteTaken("a"), new NoteTaken("b"));
            (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
            var status = (await store.Subscriptions.StatusAsync(Cancellation)).Single();
            await store.Subscriptions.ResetAsync("notes", status.Position + 1, Cancellation);
            _clock.Advance(TimeSpan.FromSeconds(40));
        }

        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_that_somebody_paused_is_no_fault()
    {
        await using var provider = Build(Nothing);
        await using var daemon = await StartAsync(provider);
        await provider.GetRequiredService<IEventStore>().Subscriptions.PauseAsync("notes", Cancellation);
        await _bank.AppendAsync("note", new NoteTaken("a"));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        _clock.Advance(TimeSpan.FromHours(1));

        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_pulled_subscription_that_this_process_has_open_is_watched_like_a_declared_one()
    {
        await using var provider = Build(declare: null);
        var store = provider.GetRequiredService<IEventStore>();
        await using var subscription = await store.Subscriptions.OpenAsync("pulled", new SubscriptionOptions(), Cancellation);
        await using var transient = await store.Subscriptions.OpenAsync(
            "live", new SubscriptionOptions { IsTransient = true }, Cancellation);
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);

        // Nobody takes it.
        await _bank.AppendAsync("note", new NoteTaken("a"));
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var entry = await CheckAsync(provider);
        (entry.Status, entry.Data["subscription"]).ShouldBe((HealthStatus.Unhealthy, "pulled"));

        await using (var deliveries = subscription.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation))
        {
            (await deliveries.MoveNextAsync()).ShouldBeTrue();
            await deliveries.Current.ParkAsync("It is bad.", Cancellation);
        }

        await Eventually.BecomesTrueAsync(
            async () => (await CheckAsync(provider)) is { Status: HealthStatus.Degraded } parked && parked.Data["parked"].Equals(1),
            "its key is parked");
        await subscription.DisposeAsync();
        (await CheckAsync(provider)).Status.ShouldBe(HealthStatus.Healthy);
    }

    private static void Nothing(SubscriptionBuilder subscription) => subscription.Handle(static (_, _) => Task.CompletedTask);

    private static Task Fail(IEvent @event, SubscriptionContext context) => throw new NotSupportedException("It is bad.");

    private static async Task<IDaemon> StartAsync(ServiceProvider provider)
    {
        var daemon = provider.GetRequiredService<IEventStore>().BuildDaemon();
        await daemon.StartAsync(Cancellation);
        return daemon;
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider provider) =>
        (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries[Check];

    private ServiceProvider Build(Action<SubscriptionBuilder>? declare)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddFluentEventStore(options =>
        {
            options.Schema = _bank.Schema;
            options.Connection(_bank.StoreConnectionString);
            if (declare is not null)
                options.Subscriptions.Add("notes", declare);
        });
        services.AddHealthChecks().AddFluentEventStore(options =>
        {
            options.Clock = _clock;
            options.Timeout = TimeSpan.FromMinutes(1);
        });
        return services.BuildServiceProvider();
    }
}
