using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class LiveAggregateTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_stream_is_folded_into_its_aggregate()
    {
        await GivenAccountAsync();
        (await AggregateAsync()).ShouldBe(new Account(_id, "Ada", 70m));
    }

    [Fact]
    public async Task A_stream_without_events_has_no_aggregate() => (await AggregateAsync()).ShouldBeNull();

    [Fact]
    public async Task An_aggregate_is_folded_up_to_a_version_or_a_time()
    {
        await GivenAccountAsync();
        var events = await bank.FetchAsync(_id);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 5));

        (await AggregateAsync(version: 2))!.Balance.ShouldBe(100m);
        (await AggregateAsync(version: 99))!.Balance.ShouldBe(75m);
        (await AggregateAsync(timestamp: events[0].Timestamp))!.Balance.ShouldBe(70m);
        (await AggregateAsync(timestamp: events[0].Timestamp.AddTicks(-10))).ShouldBeNull();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => AggregateAsync(version: 0));
    }

    [Fact]
    public async Task An_event_that_deletes_leaves_no_aggregate_and_later_events_are_ignored()
    {
        await GivenAccountAsync();
        await bank.AppendAsync(_id, new AccountClosed(_id));
        (await AggregateAsync()).ShouldBeNull();

        await bank.AppendAsync(_id, new MoneyDeposited(_id, 5));
        (await AggregateAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Events_that_the_aggregate_does_not_know_change_nothing()
    {
        await GivenAccountAsync();
        await bank.AppendAsync(_id, new NoteTaken("a"));
        (await AggregateAsync())!.Balance.ShouldBe(70m);
    }

    [Fact]
    public async Task An_aggregate_that_begins_without_an_id_gets_that_of_its_stream()
    {
        await bank.AppendAsync("notes", new NoteTaken("a"), new NoteTaken("b"));
        await using var session = bank.Store.OpenQuerySession();
        var notebook = await session.Events.AggregateStreamAsync<Notebook>(
            "notes", cancellationToken: TestContext.Current.CancellationToken);

        notebook!.Id.ShouldBe("notes");
        notebook.Notes.ShouldBe(["a", "b"]);
        notebook.Versions.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_type_that_is_not_an_aggregate_is_refused()
    {
        await using var session = bank.Store.OpenSession();
        await Should.ThrowAsync<ArgumentException>(() => session.Events.AggregateStreamAsync<Customer>(_id));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchForWritingAsync<Customer>(_id));
        Should.Throw<ArgumentException>(() => session.Events.StartStream<Customer>(_id, new NoteTaken("a")));
    }

    [Fact]
    public async Task A_stream_remembers_the_aggregate_that_it_was_started_for()
    {
        await GivenAccountAsync();
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken))!.AggregateType.ShouldBe("account");
    }

    private async Task GivenAccountAsync()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Account>(
            _id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100), new MoneyWithdrawn(_id, 30));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Account?> AggregateAsync(long? version = null, DateTimeOffset? timestamp = null)
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.Events.AggregateStreamAsync<Account>(
            _id, new StreamRange { To = version, Until = timestamp }, TestContext.Current.CancellationToken);
    }
}
