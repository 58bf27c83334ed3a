namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/natural-keys.md.</summary>
public sealed class NaturalKeysTests(SnippetStore snippets)
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_found_by_its_number()
    {
        var (number, next) = (new OrderNumber($"A-{_id}"), new OrderNumber($"B-{_id}"));
        await using var session = snippets.Store.OpenSession();
        session.Events.StartStream<Order>(_id, new OrderPlaced(number));
        await session.SaveChangesAsync(Cancellation);

        (await FetchAsync(session, number, next, Cancellation)).ShouldBe(new Order(_id, number));

        (await session.Events.FetchLatestAsync<Order, OrderNumber>(next, Cancellation)).ShouldBe(new Order(_id, next));
    }

    [Fact]
    public async Task Keys_are_filled_in()
    {
        await FillAsync(snippets.Store, Cancellation);
        (await snippets.Store.FillNaturalKeysAsync<Order>(Cancellation)).Filled.ShouldBe(0);
    }

    private static async Task<Order?> FetchAsync(
        IDocumentSession session, OrderNumber number, OrderNumber next, CancellationToken cancellationToken)
    {
        // begin-snippet: fetch
        Order? order = await session.Events.FetchLatestAsync<Order, OrderNumber>(number, cancellationToken);

        IEventStream<Order> stream = await session.Events.FetchForWritingAsync<Order, OrderNumber>(number, cancellationToken);
        stream.Append(new OrderRenumbered(next));
        await session.SaveChangesAsync(cancellationToken);      // DuplicateNaturalKeyException if another order has it
        // end-snippet
        return order;
    }

    private static async Task FillAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: fill
        NaturalKeyReport report = await store.FillNaturalKeysAsync<Order>(cancellationToken);
        foreach (NaturalKeyConflict conflict in report.Conflicts)
            Console.WriteLine($"{conflict.StreamId} has the number {conflict.Key} of {conflict.HeldBy}");
        // end-snippet
    }
}
