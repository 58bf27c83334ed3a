using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/multi-stream-projections.md.</summary>
public sealed class MultiStreamProjectionsTests(SnippetStore snippets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_gathers_the_deposits_of_a_month()
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            // begin-snippet: declare
            options.Projections.Add<MonthlyTurnoverProjection>(ProjectionLifecycle.Async);
            // end-snippet
            options.Projections.Add<OwnerAccountsProjection>(ProjectionLifecycle.Inline);
        });
        await store.Schema.ApplyAsync(Cancellation);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        var at = new DateTimeOffset(2026, 5, 17, 12, 0, 0, TimeSpan.Zero);
        await AppendAsync(store, new MoneyDeposited(Guid.NewGuid(), 10, "EUR", at));
        var commit = await AppendAsync(
            store,
            new AccountOpened(Guid.NewGuid(), "Ada & Bob", "EUR"),
            new AccountOpened(Guid.NewGuid(), "Ada", "EUR"),
            new MoneyDeposited(Guid.NewGuid(), 5, "EUR", at.AddDays(1)));

        (await LoadAsync(store, commit, Cancellation)).ShouldBe(new MonthlyTurnover("2026-05", 15, 2));

        await using var session = store.OpenQuerySession();
        (await session.LoadAsync<OwnerAccounts>("Ada", Cancellation)).ShouldBe(new OwnerAccounts("Ada", 2));
        (await session.LoadAsync<OwnerAccounts>("Bob", Cancellation)).ShouldBe(new OwnerAccounts("Bob", 1));
    }

    private static async Task<MonthlyTurnover?> LoadAsync(EventStore store, Commit commit, CancellationToken cancellationToken)
    {
        // begin-snippet: load
        await store.WaitForAsync(commit, TimeSpan.FromSeconds(5), cancellationToken);     // only where you must see your own write

        await using IQuerySession session = store.OpenQuerySession();
        MonthlyTurnover? may = await session.LoadAsync<MonthlyTurnover>("2026-05", cancellationToken);
        // end-snippet
        return may;
    }

    private static async Task<Commit> AppendAsync(EventStore store, params object[] events)
    {
        await using var session = store.OpenSession();
        session.Events.Append(Guid.NewGuid(), events);
        return await session.SaveChangesAsync(Cancellation);
    }
}
