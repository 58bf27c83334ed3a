using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Store;

/// <summary>Two stores in two schemas of one database.</summary>
public sealed class NeighbouringStoresTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _left = new(server);
    private readonly BankStore _right = new(server);
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Task.WhenAll(_left.InitializeAsync().AsTask(), _right.InitializeAsync().AsTask());

    public async ValueTask DisposeAsync()
    {
        await _left.DisposeAsync();
        await _right.DisposeAsync();
    }

    [Fact]
    public async Task Stores_that_write_at_once_have_their_own_positions_versions_and_ids()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(
            () => (number % 2 == 0 ? _left : _right).AppendAsync(_id, new NoteTaken($"{number % 2}")), Cancellation)));

        foreach (var (store, text) in ((BankStore, string)[])[(_left, "0"), (_right, "1")])
        {
            var events = await store.FetchAsync(_id);
            events.Select(static e => e.Version).ShouldBe(Enumerable.Range(1, 20).Select(static version => (long)version));
            events.Select(static e => e.Position).Order().ShouldBe(Enumerable.Range(1, 20).Select(static position => (long)position));
            events.ShouldAllBe(e => e.Data.Equals(new NoteTaken(text, 1)));
        }

        // Ids of events are unique in a store, and mean nothing to another.
        var known = (await _left.FetchAsync(_id))[0];
        await using var session = _right.Store.OpenSession();
        session.Events.Append(Guid.NewGuid(), known.Data).WithEventId(known.Id);
        await session.SaveChangesAsync(Cancellation);
    }
}
