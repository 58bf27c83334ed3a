using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;
using FluentEventStore.Projections;

namespace FluentEventStore.PostgresTests.Projections.Views;

public sealed class RebuildTests(PostgresServer server) : IAsyncLifetime
{
    private readonly AsyncViewStore _bank = new(server);
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string View => TurnoverProjection.Group(_id);

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_rebuild_serves_when_it_has_caught_up_and_gives_equal_rows()
    {
        await AppendAsync(20);
        await using var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store);
        var before = await LoadAsync();
        var rows = await RowsAsync("doc_turnover_v1");

        await _bank.Store.Projections.RebuildAsync("turnover", Cancelled);
        await Should.ThrowAsync<ProjectionBusyException>(() => _bank.Store.Projections.RebuildAsync("turnover", Cancelled));
        await WaitUntilServingAsync(_bank.Store, version: 1);

        (await RowsAsync("doc_turnover_v1b")).ShouldBe(rows);
        (await LoadAsync())!.Versions.ShouldBe(before!.Versions);
        await _bank.Store.WaitForAsync(await AppendAsync(1), TimeSpan.FromSeconds(20), Cancelled);
        (await LoadAsync())!.In.ShouldBe(before.In + 1);
        (await _bank.ExecuteAsync($"select count(*) from {{schema}}.doc_turnover where id = '{View}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Readers_see_neither_nothing_nor_a_mixture_while_it_is_rebuilt_under_writes()
    {
        await AppendAsync(50);
        await using var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                var last = 50m;
                while (!ending.IsCancellationRequested)
                {
                    var view = (await LoadAsync()).ShouldNotBeNull();
                    view.In.ShouldBe(view.Moves);
                    view.In.ShouldBeGreaterThanOrEqualTo(last);
                    last = view.In;
                }
            },
            Cancelled)).ToArray();
        var writer = Task.Run(
            async () =>
            {
                while (!ending.IsCancellationRequested)
                    await AppendAsync(1);
            },
            Cancelled);

        for (var round = 0; round < 3; round++)
        {
            await _bank.Store.Projections.RebuildAsync("turnover", Cancelled);
            await WaitUntilServingAsync(_bank.Store, version: 1);
        }

        await ending.CancelAsync();
        await writer;
        await Task.WhenAll(readers);
        await daemon.CatchUpAsync(Cancelled);
        var count = await _bank.ExecuteAsync("select count(*) from {schema}.events where type = 'money-deposited'");
        (await LoadAsync())!.In.ShouldBe((long)count!);
    }

    [Fact]
    public async Task A_new_version_is_built_beside_the_old_one_which_serves_until_then()
    {
        await AppendAsync(10);
        await using (await SubscriptionStore.CatchUpAsync(_bank.Store))
            (await LoadAsync())!.In.ShouldBe(10m);

        var next = (Action<EventStoreOptions>)(static options => options.Projections.Add(
            new ViewProjection<NextTurnoverProjection, Turnover, NextTurnoverProjection.GeneratedDispatch>(
                "turnover", version: 2, isOfStore: false),
            new NextTurnoverProjection(),
            ProjectionLifecycle.Async,
            static _ => { }));
        await using (var owner = OwnerOf(next))
            await owner.Schema.ApplyAsync(Cancelled);

        await server.GrantAsync(_bank.Schema);
        await using var store = StoreOf(next);
        (await LoadAsync(store))!.In.ShouldBe(10m);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await WaitUntilServingAsync(store, version: 2);
        (await LoadAsync(store))!.In.ShouldBe(20m);
        (await LoadAsync())!.In.ShouldBe(10m);
        (await _bank.ExecuteAsync($"select (data ->> 'in')::integer from {{schema}}.doc_turnover where id = '{View}'")).ShouldBe(20);
    }

    [Fact]
    public async Task What_is_built_is_compared_with_what_serves()
    {
        await AppendAsync(3);
        await using var store = _bank.CreateBareStore(static options => options.Projections.Add<TurnoverProjection>(
            ProjectionLifecycle.Async, static projection => projection.SwitchByCommand()));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await _bank.ExecuteAsync($$"""update {schema}.doc_turnover_v1 set data = data || '{"in": 7}' where id = '{{View}}'""");
        (await store.Projections.CompareAsync("turnover", Cancelled)).ShouldBeNull();
        await store.Projections.RebuildAsync("turnover", Cancelled);
        await daemon.CatchUpAsync(Cancelled);

        var found = (await store.Projections.CompareAsync("turnover", Cancelled)).ShouldNotBeNull();
        (found.Equal, found.OnlyServing, found.OnlyBuilt, found.Different).ShouldBe((0, 0, 0, 1));
        found.Samples.ShouldHaveSingleItem().Id.ShouldBe(View);
        (await LoadAsync())!.In.ShouldBe(7m);

        (await store.Projections.SwitchAsync("turnover", Cancelled)).ShouldNotBeNull();
        (await LoadAsync())!.In.ShouldBe(3m);
        await store.Projections.SwitchBackAsync("turnover", Cancelled);
        await store.WaitForAsync(await AppendAsync(1), TimeSpan.FromSeconds(20), Cancelled);
        (await store.Projections.SwitchAsync("turnover", Cancelled)).ShouldNotBeNull();
        (await LoadAsync())!.In.ShouldBe(8m);
    }

    [Fact]
    public async Task A_rebuild_is_cancelled_and_what_serves_stays()
    {
        await AppendAsync(3);
        await using var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store);
        await daemon.StopAsync(Cancelled);
        await _bank.Store.Projections.RebuildAsync("turnover", Cancelled);
        await _bank.Store.Projections.CancelRebuildAsync("turnover", Cancelled);

        (await _bank.Store.Projections.StatusAsync(Cancelled)).ShouldAllBe(static one => one.Build == null && one.IsServing);
        await using var other = await SubscriptionStore.CatchUpAsync(_bank.Store);
        (await LoadAsync())!.In.ShouldBe(3m);
        await _bank.Store.Projections.RebuildAsync("turnover", Cancelled);
        await WaitUntilServingAsync(_bank.Store, version: 1);
    }

    [Fact]
    public async Task What_nobody_builds_does_not_serve_even_if_nobody_carries_what_serves()
    {
        await AppendAsync(3);
        await using (var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store))
            await daemon.StopAsync(Cancelled);

        await _bank.Store.Projections.RebuildAsync("turnover", Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromMilliseconds(500));
        await Should.ThrowAsync<OperationCanceledException>(() => _bank.Store.Projections.SwitchAsync("turnover", limit.Token));
        (await LoadAsync())!.In.ShouldBe(3m);

        await using var other = await SubscriptionStore.CatchUpAsync(_bank.Store);
        await WaitUntilServingAsync(_bank.Store, version: 1);
        (await LoadAsync())!.In.ShouldBe(3m);
    }

    [Fact]
    public async Task A_version_that_goes_back_and_one_that_was_kept_inline_are_refused()
    {
        await AppendAsync(1);
        await using (var store = _bank.CreateBareStore(static options =>
            options.Projections.Add<TurnoverProjection>(ProjectionLifecycle.Inline)))
        {
            await using var session = store.OpenSession();
            session.Events.Append(_id, new MoneyDeposited(_id, 1));
            await session.SaveChangesAsync(Cancelled);
        }

        await using var daemon = _bank.Store.BuildDaemon();
        (await Should.ThrowAsync<InvalidOperationException>(() => daemon.StartAsync(Cancelled))).Message.ShouldContain("kept inline");
    }

    [Fact]
    public async Task Projections_are_not_moved_back()
    {
        await using var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store);

        (await Should.ThrowAsync<InvalidOperationException>(() => _bank.Store.Subscriptions.RewindAsync("turnover", 0, Cancelled)))
            .Message.ShouldContain("RebuildAsync");
    }

    private static async Task WaitUntilServingAsync(EventStore store, int version)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var all = await store.Projections.StatusAsync(limit.Token);
            if (all.Any(one => one.Name == "turnover" && one.Version == version && one.IsServing)
                && all.All(static one => one.Build is null))
                return;

            await Task.Delay(20, limit.Token);
        }
    }

    private EventStore StoreOf(Action<EventStoreOptions> configure) => _bank.CreateBareStore(configure);

    private EventStore OwnerOf(Action<EventStoreOptions> configure) => EventStore.For(options =>
    {
        options.Connection(_bank.ConnectionString);
        options.Schema = _bank.Schema;
        configure(options);
    });

    private async Task<Commit> AppendAsync(int count) =>
        await _bank.AppendAsync(_id, [.. Enumerable.Range(0, count).Select(_ => (object)new MoneyDeposited(_id, 1))]);

    private Task<Turnover?> LoadAsync() => LoadAsync(_bank.Store);

    private async Task<Turnover?> LoadAsync(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        return await session.LoadAsync<Turnover>(View, Cancelled);
    }

    private async Task<string> RowsAsync(string table) => (string)(await _bank.ExecuteAsync(
        $"select string_agg(row(tenant, id, data, version, created_at, modified_at)::text, ' ' order by id) from {{schema}}.{table}"))!;
}

/// <summary>Counts twice.</summary>
[Projection("turnover-next", Version = 2)]
public sealed partial class NextTurnoverProjection : MultiStreamProjection<Turnover, string>
{
    public static string Identity(MoneyDeposited e) => TurnoverProjection.Group(e.AccountId);

    public static Turnover Create(MoneyDeposited e) => new() { Id = TurnoverProjection.Group(e.AccountId), In = 2 * e.Amount };

    public static Turnover Apply(MoneyDeposited e, Turnover view) => view with { In = view.In + (2 * e.Amount) };
}
