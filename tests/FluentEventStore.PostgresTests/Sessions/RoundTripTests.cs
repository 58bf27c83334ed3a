using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

public sealed class RoundTripTests(SnapshotStore bank) : IClassFixture<SnapshotStore>, IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly TcpProxy _proxy = new(bank.ConnectionString);
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = bank.CreateStore(options => options.Connection(_proxy.ConnectionString + ";Maximum Pool Size=1"));

        // Opens the connection and looks at the log, whose own round trips are none of the session's.
        await BankStore.WriteOnceAsync(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public Task An_append_is_one_round_trip() => CountAsync(1, async session =>
    {
        session.Events.StartStream($"s-{_id}", new PaymentReceived(1), new PaymentReceived(2));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task Many_appends_and_all_kinds_of_document_changes_are_one_round_trip() => CountAsync(1, async session =>
    {
        for (var index = 0; index < 20; index++)
            session.Events.Append($"s-{_id}-{index}", ExpectedVersion.NoStream, new PaymentReceived(index));
        var kept = new Customer { Id = Guid.NewGuid(), Name = "kept" };
        session.Store(kept);
        session.Insert(new Customer { Id = Guid.NewGuid(), Name = "new" });
        session.Delete<Customer>(Guid.NewGuid());
        session.Store(new Branch($"b-{_id}", "street"));
        session.Delete<Counter>(7);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task A_large_unit_is_one_round_trip() => CountAsync(1, async session =>
    {
        session.Events.Append($"s-{_id}", [.. Enumerable.Range(0, 5_000).Select(index => new PaymentReceived(index))]);
        session.Store<Customer>([.. Enumerable.Range(0, 1_000).Select(index => new Customer { Name = $"{index}" })]);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task A_unit_with_inline_snapshots_that_were_not_fetched_is_two_round_trips() => CountAsync(2, async session =>
    {
        session.Events.StartStream<Account>(_id, new AccountOpened(_id, "Ada", "EUR"), new NoteTaken("two views"));
        session.Store(new Customer { Name = "Ada" });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task Fetching_an_inline_snapshot_for_writing_and_saving_is_two_round_trips() => CountAsync(2, async session =>
    {
        var stream = await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: TestContext.Current.CancellationToken);
        stream.Append(new AccountOpened(_id, "Ada", "EUR"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task Each_way_of_reading_is_one_round_trip() => CountAsync(6, async session =>
    {
        await session.Events.FetchStreamAsync(_id, cancellationToken: TestContext.Current.CancellationToken);
        await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken);
        await session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: TestContext.Current.CancellationToken);
        await session.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken);
        await session.LoadAsync<Account>(_id, TestContext.Current.CancellationToken);
        await session.LoadManyAsync<Customer>([_id, Guid.NewGuid()], TestContext.Current.CancellationToken);
    });

    private async Task CountAsync(int expected, Func<IDocumentSession, Task> work)
    {
        await using var session = _store.OpenSession();
        var before = _proxy.RoundTrips;
        await work(session);
        (_proxy.RoundTrips - before).ShouldBe(expected);
    }
}
