using System.Text.Json;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>What was appended is stored, whatever aggregates do to the events that they are folded from.</summary>
public sealed class StoredEventTests(StoredEventTests.BasketStore bank) : IClassFixture<StoredEventTests.BasketStore>
{
    private readonly string _id = $"{Guid.NewGuid()}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Aggregates_that_change_the_events_that_they_are_folded_from_change_neither_what_is_stored_nor_each_other()
    {
        ItemsAdded[] appended = [new(["a"]), new(["b"]), new(["c"])];
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Basket>(_id, appended[0], appended[1]);
        await session.SaveChangesAsync(Token);
        session.Events.Append(_id, appended[2]);
        await session.SaveChangesAsync(Token);

        appended.Select(static e => string.Concat(e.Items)).ShouldBe(["a", "b", "c"]);
        await ShouldHoldAsync("a", "b", "c");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Checking_the_id_of_a_started_stream_changes_nothing_of_what_is_appended(bool isKept)
    {
        var id = Guid.NewGuid();
        ItemsAdded[] appended = [new(["a"]), new(["b"])];
        await using var store = isKept ? bank.CreateStore() : bank.CreateStoreWithoutSnapshots();
        await using var session = store.OpenSession();
        session.Events.StartStream<Hamper>(id, appended[0], appended[1]);
        appended.Select(static e => string.Concat(e.Items)).ShouldBe(["a", "b"]);
        await session.SaveChangesAsync(Token);

        appended.Select(static e => string.Concat(e.Items)).ShouldBe(["a", "b"]);
        (await bank.FetchAsync(id)).Select(static e => ((ItemsAdded)e.Data).Items.Single()).ShouldBe(["a", "b"]);
        (await session.Events.FetchLatestAsync<Hamper>(id, Token))!.Items.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_folding_that_is_repeated_does_not_see_what_the_first_one_did()
    {
        await bank.AppendAsync(_id, new ItemsAdded(["a"]));
        await using var session = bank.Store.OpenSession();
        await session.Events.FetchForWritingAsync<Basket>(_id, cancellationToken: Token);
        await session.Events.FetchForWritingAsync<ItemCount>(_id, cancellationToken: Token);
        session.Events.Append(_id, new ItemsAdded(["c"]), new ItemsAdded(["d"]));

        // The snapshots no longer rest on what was fetched: they are folded twice.
        await bank.AppendAsync(_id, new ItemsAdded(["b"]));
        await session.SaveChangesAsync(Token);

        await ShouldHoldAsync("a", "b", "c", "d");
    }

    [Fact]
    public async Task A_snapshot_that_lags_behind_is_continued_from_the_stored_events_even_after_a_fold_for_a_decision()
    {
        await using (var old = bank.CreateStoreWithoutSnapshots())
        await using (var writer = old.OpenSession())
        {
            writer.Events.Append(_id, new ItemsAdded(["a"]), new ItemsAdded(["b"]));
            await writer.SaveChangesAsync(Token);
        }

        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Basket>(_id, cancellationToken: Token);
        stream.Aggregate!.Items.ShouldBe(["a", "b"]);
        stream.Aggregate.Items.Clear();
        stream.Append(new ItemsAdded(["c"]));
        await session.SaveChangesAsync(Token);

        await ShouldHoldAsync("a", "b", "c");
    }

    [Fact]
    public async Task Events_are_folded_as_the_database_gives_them_back()
    {
        using var json = JsonDocument.Parse("""{ "z": 1, "a": 1e2, "a": 2.50, "n": -0 }""");
        await bank.AppendAsync(
            _id, new ThingsWeighed(new Dictionary<string, double> { ["zeta"] = -0.0, ["a"] = 1, ["bb"] = 1e30 }, json.RootElement));
        await bank.SaveAsync(
            session => session.CompactStream(
                _id, 1, new ThingsWeighed(new Dictionary<string, double> { ["zeta"] = -0.0, ["b"] = 1 }, json.RootElement)));
        await bank.AppendAsync(_id, new ThingsWeighed(new Dictionary<string, double> { ["long"] = 1, ["s"] = -0.0 }, json.RootElement));

        await using var session = bank.Store.OpenQuerySession();
        var kept = (await session.LoadAsync<Scales>(_id, Token))!;
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_scales where id = '{_id}'")).ShouldBe(1L);
        kept.Lines.ShouldBe((await session.Events.AggregateStreamAsync<Scales>(_id, cancellationToken: Token))!.Lines);
        kept.Lines[0].ShouldStartWith("b=");
    }

    [Fact]
    public async Task A_compaction_stores_its_replacement_as_it_was_given()
    {
        await bank.AppendAsync(_id, new ItemsAdded(["a"]), new ItemsAdded(["b"]), new ItemsAdded(["c"]));
        var replacement = new ItemsAdded(["a", "b"]);
        await using var session = bank.Store.OpenSession();
        session.Events.CompactStream(_id, 2, replacement);
        await session.SaveChangesAsync(Token);

        replacement.Items.ShouldBe(["a", "b"]);
        (await bank.FetchAsync(_id)).Select(static e => string.Concat(((ItemsAdded)e.Data).Items)).ShouldBe(["ab", "c"]);
        (await session.LoadAsync<Basket>(_id, Token))!.Items.ShouldBe(["a", "b", "c"]);
    }

    private async Task ShouldHoldAsync(params string[] items)
    {
        (await bank.FetchAsync(_id)).Select(static e => ((ItemsAdded)e.Data).Items.Single()).ShouldBe(items);
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Basket>(_id, Token))!.Items.ShouldBe(items);
        (await session.LoadAsync<ItemCount>(_id, Token))!.Count.ShouldBe(items.Length);
    }

    public sealed class BasketStore(PostgresServer server) : BankStore(server)
    {
        public EventStore CreateStoreWithoutSnapshots() => CreateBareStore();

        public async Task SaveAsync(Action<IEventOperations> act)
        {
            await using var session = Store.OpenSession();
            act(session.Events);
            await session.SaveChangesAsync(Token);
        }

        protected override void Configure(EventStoreOptions options)
        {
            options.Projections.Snapshot<Basket>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<ItemCount>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<Scales>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<Hamper>(ProjectionLifecycle.Inline);
        }
    }
}
