using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>Scheduled messages go out when the clock of the application says so, whatever happens meanwhile.</summary>
public sealed class ScheduledMessageTests(PostgresServer server) : IAsyncLifetime
{
    private readonly OutboxStore _bank = new(server);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Sink _sink = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task It_goes_out_when_it_is_due_and_not_before()
    {
        await using var store = Store();
        await using var daemon = await OutboxStore.StartAsync(store);
        await ScheduleAsync(store, TimeSpan.FromHours(2), 2, "later");
        await ScheduleAsync(store, TimeSpan.FromHours(1), 1, name: null);
        await ScheduleAsync(store, TimeSpan.FromHours(-1), 0, name: null);
        await _sink.HasAsync(1);
        _time.Advance(TimeSpan.FromMinutes(59));
        await SettledAsync(store);
        _sink.Numbers.ShouldBe([0]);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _sink.HasAsync(2);
        _sink.Numbers.ShouldBe([0, 1]);
        var listed = (await store.Messages.ListScheduledAsync(Token)).ShouldHaveSingleItem();
        (listed.Name, listed.TypeName, listed.Due).ShouldBe(("later", "numbered", _time.GetUtcNow().AddHours(1)));
        (await store.Messages.ListScheduledAsync(listed.Due, 10, Token)).ShouldBeEmpty();
        _time.Advance(TimeSpan.FromDays(1));
        await _sink.HasAsync(3);
        (await store.Messages.StatusAsync(Token)).Scheduled.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_stands_for_the_last_one_of_its_tenant_until_that_is_cancelled()
    {
        await using var store = Store();
        await ScheduleAsync(store, TimeSpan.FromHours(1), 1, "remind-7");
        await ScheduleAsync(store, TimeSpan.FromHours(3), 2, "remind-7");
        await ScheduleAsync(store, TimeSpan.FromHours(1), 3, "remind-8");
        await ScheduleAsync(store, TimeSpan.FromHours(1), 4, "remind-7", "acme");
        await using (var session = store.OpenSession())
        {
            session.Messages.Schedule(_time.GetUtcNow(), new Numbered("a", 5), "remind-8");
            session.Messages.Cancel("remind-8");
            session.Messages.Cancel("nobody");
            await session.SaveChangesAsync(Token);
        }

        await using var daemon = await OutboxStore.StartAsync(store);
        _time.Advance(TimeSpan.FromHours(1));
        await _sink.HasAsync(1);
        await SettledAsync(store);
        _sink.Numbers.ShouldBe([4]);
        _time.Advance(TimeSpan.FromHours(2));
        await _sink.HasAsync(2);
        _sink.Numbers.ShouldBe([4, 2]);
    }

    [Fact]
    public async Task A_cancellation_that_is_not_committed_cancels_nothing()
    {
        await using var store = Store();
        await ScheduleAsync(store, TimeSpan.FromHours(1), 1, "remind-7");
        await using (var session = store.OpenSession())
        {
            session.Messages.Cancel("remind-7");
            session.EjectAllPendingChanges();
            session.HasPendingChanges.ShouldBeFalse();
            await session.SaveChangesAsync(Token);
        }

        (await store.Messages.ListScheduledAsync(Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_became_due_while_no_process_ran_goes_out_at_once_and_in_order_within_its_key()
    {
        await using (var before = Store())
        {
            await using var session = before.OpenSession();
            for (var number = 9; number >= 0; number--)
                session.Messages.Schedule(_time.GetUtcNow().AddMinutes(number), new Numbered("a", number), name: null, key: "k");

            await session.SaveChangesAsync(Token);
        }

        _time.Advance(TimeSpan.FromDays(3));
        await using var store = Store();
        await using var daemon = await OutboxStore.StartAsync(store);
        await _sink.HasAsync(10);
        _sink.Numbers.ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task Units_that_set_the_same_names_in_another_order_wait_for_each_other()
    {
        await using var store = Store();
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), Token, async (unit, token) =>
        {
            await using var session = store.OpenSession();
            foreach (var number in unit % 2 == 0 ? Enumerable.Range(0, 10) : Enumerable.Range(0, 10).Reverse())
                session.Messages.Schedule(_time.GetUtcNow().AddHours(1), new Numbered($"{unit}", number), $"n{number}");

            await session.SaveChangesAsync(token);
        });
        (await store.Messages.StatusAsync(Token)).Scheduled.ShouldBe(10);
    }

    private EventStore Store() => _bank.With(_sink, options => options.TimeProvider = _time);

    private async Task ScheduleAsync(EventStore store, TimeSpan after, int number, string? name, string? tenant = null)
    {
        await using var session = store.OpenSession(tenant is null ? TenantId.Default : new TenantId(tenant));
        session.Messages.Schedule(_time.GetUtcNow() + after, new Numbered("a", number), name);
        await session.SaveChangesAsync(Token);
    }

    /// <summary>The sender has looked, after what is so by now: what is published now is sent.</summary>
    private static async Task SettledAsync(EventStore store)
    {
        await OutboxStore.PublishAsync(store, "settled", new OtherNote("x"));
        await OutboxStore.IsEmptyAsync(store);
    }
}
