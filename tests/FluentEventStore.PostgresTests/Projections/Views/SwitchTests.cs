using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;
using FluentEventStore.Projections;
using Npgsql;

namespace FluentEventStore.PostgresTests.Projections.Views;

/// <summary>What readers see of a switch that does not go as it should.</summary>
public sealed class SwitchTests(PostgresServer server) : IAsyncLifetime
{
    private readonly AsyncViewStore _bank = new(server);
    private readonly Guid _id = Guid.NewGuid();
    private readonly ManualResetEventSlim _gate = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string View => TurnoverProjection.Group(_id);

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _gate.Set();
        await _bank.DisposeAsync();
        _gate.Dispose();
    }

    [Fact]
    public async Task What_nobody_carries_any_more_is_got_to_before_something_else_serves()
    {
        await DepositAsync(10);
        await (await SubscriptionStore.CatchUpAsync(_bank.Store)).DisposeAsync();

        await using var next = await NextAsync();
        await using var daemon = next.BuildDaemon();
        await daemon.StartAsync(Cancelled);
        var switching = next.Projections.SwitchAsync("turnover", Cancelled);
        for (var look = 0; look < 20; look++)
            (await InAsync(next)).ShouldBe(10m);

        _gate.Set();
        await switching;
        (await InAsync(next)).ShouldBe(20m);
    }

    [Fact]
    public async Task What_serves_goes_on_if_what_is_built_stops_short_of_it()
    {
        _gate.Set();
        await DepositAsync(3);
        await using var old = await SubscriptionStore.CatchUpAsync(_bank.Store);
        await using var next = await NextAsync(static projection => projection.SwitchByCommand().OnError(0, FailedEvent.Stop));
        await using var daemon = await SubscriptionStore.CatchUpAsync(next);
        await _bank.AppendAsync(_id, new MoneyDeposited(_id, GatedTurnoverProjection.Poison));
        await SubscriptionStore.WaitAsync(next, "turnover#2", static status => status.State == SubscriptionState.Faulted);

        await Should.ThrowAsync<SubscriptionStoppedException>(() => next.Projections.SwitchAsync("turnover", Cancelled));
        await _bank.Store.WaitForAsync(await DepositAsync(1), TimeSpan.FromSeconds(20), Cancelled);
        (await InAsync(_bank.Store)).ShouldBe(4m + GatedTurnoverProjection.Poison);
    }

    [Fact]
    public async Task What_serves_goes_on_if_those_are_gone_who_asked_for_a_switch_and_built()
    {
        await DepositAsync(3);
        await using var old = await SubscriptionStore.CatchUpAsync(_bank.Store);
        await using (var next = await NextAsync(static projection => projection.SwitchByCommand()))
        {
            await using var daemon = next.BuildDaemon();
            await daemon.StartAsync(Cancelled);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var switching = next.Projections.SwitchAsync("turnover", ending.Token);
            await Eventually.BecomesTrueAsync(
                async () => await _bank.ExecuteAsync(
                    "select bool_and(stop_at is not null) from {schema}.checkpoints where subscription = 'turnover'") is true,
                "what serves is to stop");
            await ending.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => switching);
            _gate.Set();
        }

        await _bank.Store.WaitForAsync(await DepositAsync(1), TimeSpan.FromSeconds(20), Cancelled);
        (await InAsync(_bank.Store)).ShouldBe(4m);
    }

    [Fact]
    public async Task Views_of_units_of_work_serve_until_a_later_version_is_built()
    {
        await using var inline = _bank.CreateBareStore(static options =>
            options.Projections.Add<TurnoverProjection>(ProjectionLifecycle.Inline));
        await DepositAsync(10, inline);

        await using var next = await NextAsync();
        await using var daemon = next.BuildDaemon();
        await daemon.StartAsync(Cancelled);
        for (var look = 0; look < 20; look++)
            (await InAsync(next)).ShouldBe(10m);

        await DepositAsync(1, inline);
        (await InAsync(next)).ShouldBe(11m);
        (await _bank.ExecuteAsync($"select (data ->> 'in')::integer from {{schema}}.doc_turnover where id = '{View}'")).ShouldBe(11);
        _gate.Set();
        await Eventually.BecomesTrueAsync(async () => await InAsync(next) == 22m, "the new version serves");
        await DepositAsync(1, inline);
        (await InAsync(inline)).ShouldBe(12m);
    }

    [Fact]
    public async Task Views_of_a_daemon_are_not_kept_by_units_of_work_after_that()
    {
        await DepositAsync(1);
        await (await SubscriptionStore.CatchUpAsync(_bank.Store)).DisposeAsync();
        await using var inline = _bank.CreateBareStore(static options =>
            options.Projections.Add<TurnoverProjection>(ProjectionLifecycle.Inline));

        (await Should.ThrowAsync<InvalidOperationException>(() => DepositAsync(1, inline))).Message.ShouldContain("'turnover'");
        await using var daemon = await SubscriptionStore.CatchUpAsync(_bank.Store);
        (await InAsync(_bank.Store)).ShouldBe(1m);
    }

    [Fact]
    public async Task A_view_that_is_deleted_between_reading_and_writing_is_no_fault_of_an_event()
    {
        _gate.Set();
        await using var store = _bank.CreateBareStore(static options => options.Projections.Add<TurnoverProjection>(
            ProjectionLifecycle.Async, static projection => projection.OnError(0, FailedEvent.Park)));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await store.WaitForAsync(await DepositAsync(1), TimeSpan.FromSeconds(20), Cancelled);

        await using var connection = new NpgsqlConnection(_bank.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var delete = new NpgsqlCommand(
            $"delete from {_bank.Schema}.doc_turnover_v1 where id = '{View}'", connection, transaction);
        (await delete.ExecuteNonQueryAsync(Cancelled)).ShouldBe(1);
        var commit = await DepositAsync(1);
        await Eventually.BecomesTrueAsync(
            async () => await _bank.ExecuteAsync(
                "select count(*) > 0 from pg_locks l join pg_stat_activity a using (pid) where not l.granted "
                    + "and a.query like '%{schema}%'") is true,
            "the page waits for the row");
        await transaction.CommitAsync(Cancelled);

        await store.WaitForAsync(commit, TimeSpan.FromSeconds(20), Cancelled);
        (await InAsync(store)).ShouldBe(1m);
        (await store.Subscriptions.ListParkedAsync("turnover", cancellationToken: Cancelled)).ShouldBeEmpty();
    }

    private async Task<EventStore> NextAsync(Action<ProjectionBuilder>? declare = null)
    {
        var next = (Action<EventStoreOptions>)(options => options.Projections.Add(
            new ViewProjection<GatedTurnoverProjection, Turnover, GatedTurnoverProjection.GeneratedDispatch>(
                "turnover", version: 2, isOfStore: false),
            new GatedTurnoverProjection { Gate = _gate },
            ProjectionLifecycle.Async,
            declare ?? (static _ => { })));
        await using (var owner = EventStore.For(options =>
        {
            options.Connection(_bank.ConnectionString);
            options.Schema = _bank.Schema;
            next(options);
        }))
            await owner.Schema.ApplyAsync(Cancelled);

        await server.GrantAsync(_bank.Schema);
        return _bank.CreateBareStore(next);
    }

    private async Task<Commit> DepositAsync(int count, EventStore? store = null)
    {
        await using var session = (store ?? _bank.Store).OpenSession();
        for (var each = 0; each < count; each++)
            session.Events.Append(_id, new MoneyDeposited(_id, 1));

        return await session.SaveChangesAsync(Cancelled);
    }

    private async Task<decimal?> InAsync(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        return (await session.LoadAsync<Turnover>(View, Cancelled))?.In;
    }
}

/// <summary>Counts twice, when it is let, and not everything.</summary>
[Projection("turnover-gated", Version = 2)]
public sealed partial class GatedTurnoverProjection : MultiStreamProjection<Turnover, string>
{
    /// <summary>An amount that it fails at.</summary>
    public const decimal Poison = 13;

    public ManualResetEventSlim Gate { get; init; } = new(true);

    public static string Identity(MoneyDeposited e) => TurnoverProjection.Group(e.AccountId);

    public Turnover? Evolve(Turnover? view, MoneyDeposited e)
    {
        Gate.Wait();
        if (e.Amount == Poison)
            throw new InvalidOperationException("This amount brings bad luck.");

        view ??= new Turnover { Id = TurnoverProjection.Group(e.AccountId) };
        return view with { In = view.In + (2 * e.Amount) };
    }
}
