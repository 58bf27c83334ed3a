using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets;

public sealed class ReadTests(SnippetStore snippets) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EventStore _store = snippets.Store;
    private readonly Guid _id = Guid.NewGuid();
    private readonly TenantId _tenant = $"reader {Guid.NewGuid()}";

    public async ValueTask InitializeAsync()
    {
        await using var session = _store.OpenSession(_tenant);
        session.Events.StartStream<Account>(
            _id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 150m, "EUR", Noon), new MoneyWithdrawn(_id, 20m));
        await session.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_stream_is_read_as_a_list_or_event_by_event()
    {
        var id = _id;
        await using var session = _store.OpenQuerySession(_tenant);
        // also To, Until, Backwards, IncludeArchived
        IReadOnlyList<IEvent> events = await session.Events.FetchStreamAsync(id, new StreamRange { MaxCount = 100 });
        var versions = new List<long>();
        await foreach (IEvent e in session.Events.ReadStreamAsync(id))
            versions.Add(e.Version);

        events.Select(static e => e.TypeName).ShouldBe(["account-opened", "money-deposited", "money-withdrawn"]);
        events[1].TypeVersion.ShouldBe(2);
        events[1].Data.ShouldBe(new MoneyDeposited(id, 150m, "EUR", Noon));
        versions.ShouldBe([1, 2, 3]);
        (await session.Events.FetchStreamAsync(id, new StreamRange { To = 2, Backwards = true }))
            .Select(static e => e.Version)
            .ShouldBe([2, 1]);
        (await session.Events.FetchStreamAsync(id, new StreamRange { Until = DateTimeOffset.UnixEpoch })).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_streams_are_read_in_the_order_of_positions_filtered_and_backwards()
    {
        await using var session = _store.OpenQuerySession(_tenant);
        var deposits = new List<object>();
        await foreach (IEvent e in session.Events.ReadAllAsync(new EventFilter().OfType<MoneyDeposited>()))
            deposits.Add(e.Data);

        deposits.ShouldBe([new MoneyDeposited(_id, 150m, "EUR", Noon)]);
        var backwards = new List<long>();
        await foreach (var e in session.Events.ReadAllAsync(new LogRange { Backwards = true }))
            backwards.Add(e.Version);

        backwards.ShouldBe([3, 2, 1]);
    }

    [Fact]
    public async Task What_is_known_of_a_stream_is_read_without_its_events()
    {
        await using var session = _store.OpenQuerySession(_tenant);
        // Version, Created, LastAppended, AggregateType, IsArchived
        StreamState? state = await session.Events.FetchStreamStateAsync(_id);

        state.ShouldNotBeNull();
        (state.Version, state.AggregateType, state.IsArchived).ShouldBe((3, "account", false));
        state.Created.ShouldBe(state.LastAppended);
    }

    [Fact]
    public async Task An_aggregate_is_folded_from_its_events_or_is_its_latest_state()
    {
        var id = _id;
        await using var session = _store.OpenQuerySession(_tenant);
        Account? account = await session.Events.AggregateStreamAsync<Account>(id);    // version:, timestamp:
        Account? latest = await session.Events.FetchLatestAsync<Account>(id);         // live and inline alike

        account.ShouldBe(new Account(id, "Ada", 130m));
        latest.ShouldBe(account);
        (await session.Events.AggregateStreamAsync<Account>(id, new StreamRange { To = 2 })).ShouldBe(new Account(id, "Ada", 150m));
        (await session.Events.AggregateStreamAsync<Account>(id, new StreamRange { Until = DateTimeOffset.UnixEpoch })).ShouldBeNull();
    }

    [Fact]
    public async Task An_old_shape_is_read_as_the_current_one()
    {
        var id = Guid.NewGuid();
        await using var session = _store.OpenSession($"reader {id}");
        session.Events.StartStream<Account>(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDepositedV1(id, 10m));
        await session.SaveChangesAsync();

        var deposited = (IEvent<MoneyDeposited>)(await session.Events.FetchStreamAsync(id))[1];
        deposited.Data.ShouldBe(new MoneyDeposited(id, 10m, "EUR", deposited.Timestamp));
        deposited.TypeVersion.ShouldBe(1);
        (await session.Events.FetchLatestAsync<Account>(id))!.Balance.ShouldBe(10m);
    }

    [Fact]
    public async Task A_decision_is_made_on_the_state_it_was_loaded_with()
    {
        var id = _id;
        await using var session = _store.OpenSession(_tenant);
        IEventStream<Account> stream = await session.Events.FetchForWritingAsync<Account>(id);
        if (stream.Aggregate is { Balance: > 100m })
            stream.Append(new MoneyWithdrawn(id, 100m));
        await session.SaveChangesAsync(); // StreamVersionConflictException if somebody was faster

        (await session.Events.FetchLatestAsync<Account>(id))!.Balance.ShouldBe(30m);
    }
}
