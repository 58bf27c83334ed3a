using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/choose-a-life-cycle.md.</summary>
public sealed class ChooseALifeCycleTests(SnippetStore snippets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_daemon_keeps_is_waited_for()
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            // begin-snippet: declare
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Async);
            options.Projections.Add<MonthlyTurnoverProjection>(ProjectionLifecycle.Async, turnover => turnover
                .Concurrency(8)
                .OnError(retries: 5, FailedEvent.Stop));
            // end-snippet
        });
        await store.Schema.ApplyAsync(Cancellation);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        var id = Guid.NewGuid();
        await using var session = store.OpenSession();
        session.Events.Append(id, new AccountOpened(id, "Ada", "EUR"));

        await WaitAsync(store, session, Cancellation);

        (await session.LoadAsync<Account>(id, Cancellation)).ShouldNotBeNull();
    }

    private static async Task WaitAsync(EventStore store, IDocumentSession session, CancellationToken cancellationToken)
    {
        // begin-snippet: wait
        Commit commit = await session.SaveChangesAsync(cancellationToken);
        await store.WaitForAsync(commit, TimeSpan.FromSeconds(5), cancellationToken);
        // end-snippet
    }
}
