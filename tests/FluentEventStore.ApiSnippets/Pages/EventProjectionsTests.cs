using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/event-projections.md.</summary>
public sealed class EventProjectionsTests(SnippetStore snippets)
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_is_written_for_each_deposit()
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            // begin-snippet: add-event-projection
            options.Projections.Add<DepositLinesProjection>(ProjectionLifecycle.Async);   // or Inline
            // end-snippet
        });
        await store.Schema.ApplyAsync(Cancellation);
        await using var session = store.OpenSession();
        session.Events.Append(_id, new MoneyDeposited(_id, 7, "EUR", DateTimeOffset.UnixEpoch));
        var commit = await session.SaveChangesAsync(Cancellation);

        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await store.WaitForAsync(commit, TimeSpan.FromSeconds(20), Cancellation);
        var events = await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation);
        (await session.LoadAsync<DepositLine>(events[0].Id, Cancellation))!.Amount.ShouldBe(7);
    }
}

// begin-snippet: event-projection
[Document]
public sealed record DepositLine
{
    public Guid Id { get; init; }                       // of the event: the same, however often it is projected

    public decimal Amount { get; init; }
}

[Projection("deposit-lines")]
public sealed partial class DepositLinesProjection : EventProjection
{
    public static void Project(IEvent<MoneyDeposited> e, IDocumentOperations operations) =>
        operations.Store(new DepositLine { Id = e.Id, Amount = e.Data.Amount });
}
// end-snippet
