using FluentEventStore.PostgresTests.Subscriptions;
using FluentEventStore.Projections;

namespace FluentEventStore.PostgresTests.Projections.Views;

/// <summary>Projections that fail, and hands in their tables.</summary>
public sealed class BadViewTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SubscriptionStore _bank = new(server);
    private readonly string _prefix = $"{Guid.NewGuid():N}-";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        FragileProjection.IsMended = false;
        await _bank.InitializeAsync();
        await _bank.ApplyAsync(Declare);
    }

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_view_that_an_event_fails_for_waits_and_is_right_when_it_is_replayed()
    {
        await using var store = _bank.CreateBareStore(Declare);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var (sick, well) = ($"{_prefix}sick", $"{_prefix}well");
        await TakeAsync(store, sick, sick + " poison", sick, well, well);
        await daemon.CatchUpAsync(Cancelled);

        (await CountAsync(store, sick)).ShouldBe(1);
        (await CountAsync(store, well)).ShouldBe(2);
        var parked = (await store.Subscriptions.ListParkedAsync("fragile", cancellationToken: Cancelled)).ShouldHaveSingleItem();
        parked.Key.ShouldBe(sick);
        parked.Failure.Message.ShouldContain("fragile");

        FragileProjection.IsMended = true;
        await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Cancelled);
        await SubscriptionStore.WaitAsync(store, "fragile", static status => status.Parked == 0);
        (await CountAsync(store, sick)).ShouldBe(3);
        (await VersionAsync(sick)).ShouldBe(3L);
    }

    [Fact]
    public async Task What_a_replay_is_too_late_for_is_not_handled_twice()
    {
        await using var store = _bank.CreateBareStore(Declare);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var sick = $"{_prefix}sick";
        await TakeAsync(store, sick + " poison", sick);
        await daemon.CatchUpAsync(Cancelled);
        FragileProjection.IsMended = true;
        foreach (var parked in await store.Subscriptions.ListParkedAsync("fragile", cancellationToken: Cancelled))
        {
            await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Cancelled);
            await TakeAsync(store, sick);
            await store.Subscriptions.ReplayParkedAsync(parked, cancellationToken: Cancelled);
        }

        await SubscriptionStore.WaitAsync(store, "fragile", static status => status.Parked == 0);
        await daemon.CatchUpAsync(Cancelled);
        (await CountAsync(store, sick)).ShouldBe(3);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("long")]
    [InlineData("renamed")]
    [InlineData("failing")]
    public async Task An_event_that_names_no_view_that_can_be_is_parked_and_others_go_on(string fault)
    {
        await using var store = _bank.CreateBareStore(Declare);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var well = $"{_prefix}{fault}";
        await TakeAsync(store, well, $"{well} {fault}", well);
        await daemon.CatchUpAsync(Cancelled);
        await TakeAsync(store, $"{well}-later");
        await daemon.CatchUpAsync(Cancelled);

        (await CountAsync(store, $"{well}-later")).ShouldBe(1);
        (await store.Subscriptions.ListParkedAsync("fragile", cancellationToken: Cancelled)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Ids_of_300_characters_are_kept_by_daemons_and_units_alike()
    {
        var id = _prefix + new string('x', 300 - _prefix.Length);
        await using var store = _bank.CreateBareStore(Declare);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await TakeAsync(store, id, id);
        await daemon.CatchUpAsync(Cancelled);

        (await store.Subscriptions.ListParkedAsync("fragile", cancellationToken: Cancelled)).ShouldBeEmpty();
        (await CountAsync(store, id)).ShouldBe(2);
    }

    [Fact]
    public async Task A_table_that_somebody_dropped_stops_the_projection_and_loses_no_event()
    {
        await using var store = _bank.CreateBareStore(options => options.Projections.Add<FragileProjection>(
            ProjectionLifecycle.Async, static projection => projection.OnError(0, FailedEvent.Stop)));
        var id = $"{_prefix}a";
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
            await _bank.ExecuteAsync("alter table {schema}.doc_fragile_view_v1 rename to hidden");
            await TakeAsync(store, id, id);
            await SubscriptionStore.WaitAsync(store, "fragile", static status => status.State == SubscriptionState.Faulted);
        }

        await _bank.ExecuteAsync("alter table {schema}.hidden rename to doc_fragile_view_v1");
        await store.Subscriptions.ResumeAsync("fragile", Cancelled);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await CountAsync(store, id)).ShouldBe(2);
    }

    [Fact]
    public void Two_projections_of_one_name_are_refused() =>
        Should.Throw<ArgumentException>(() => EventStore.For(static options =>
        {
            options.Connection("Host=nowhere");
            options.Projections.Add<FragileProjection>(ProjectionLifecycle.Async);
            options.Projections.Add(
                new ViewProjection<NextTurnoverProjection, Turnover, NextTurnoverProjection.GeneratedDispatch>(
                    "fragile", version: 1, isOfStore: false),
                new NextTurnoverProjection(),
                ProjectionLifecycle.Inline,
                static _ => { });
        })).Message.ShouldContain("'fragile'");

    private static void Declare(EventStoreOptions options) => options.Projections.Add<FragileProjection>(
        ProjectionLifecycle.Async, static projection => projection.OnError(0, FailedEvent.Park));

    private async Task TakeAsync(EventStore store, params string[] notes)
    {
        foreach (var note in notes)
        {
            await using var session = store.OpenSession();
            session.Events.Append($"{_prefix}{Guid.NewGuid():N}", new FragileNoted(note));
            await session.SaveChangesAsync(Cancelled);
        }
    }

    private static async Task<int?> CountAsync(EventStore store, string id)
    {
        await using var session = store.OpenQuerySession();
        return (await session.LoadAsync<FragileView>(id, Cancelled))?.Count;
    }

    private async Task<object?> VersionAsync(string id) =>
        await _bank.ExecuteAsync($"select version from {{schema}}.doc_fragile_view where id = '{id}'");
}

[Event]
public sealed record FragileNoted(string Text);

[Document]
public sealed record FragileView(string Id, int Count);

/// <summary>Fails as the second word says.</summary>
[Projection("fragile")]
public sealed partial class FragileProjection : MultiStreamProjection<FragileView, string>
{
    public static bool IsMended { get; set; }

    public static string Identity(FragileNoted e) => e.Text.Split(' ') switch
    {
        [_, "empty"] => "",
        [_, "long"] => new string('y', 600),
        [_, "failing"] => throw new InvalidOperationException("It cannot be told."),
        [var id, ..] => id,
        _ => "",
    };

    public static FragileView? Evolve(FragileView? view, FragileNoted e) => e.Text.Split(' ') switch
    {
        [_, "poison"] when !IsMended => throw new InvalidOperationException("This is poison."),
        [_, "renamed"] => new FragileView("renamed", 1),
        [var id, ..] => new FragileView(id, (view?.Count ?? 0) + 1),
        _ => null,
    };
}
