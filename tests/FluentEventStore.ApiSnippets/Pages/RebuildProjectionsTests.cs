using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/rebuild-projections.md.</summary>
public sealed class RebuildProjectionsTests(SnippetStore snippets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_projection_is_rebuilt_compared_switched_and_switched_back()
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            // begin-snippet: by-command
            options.Projections.Add<MonthlyTurnoverProjection>(
                ProjectionLifecycle.Async, static turnover => turnover.SwitchByCommand());
            // end-snippet
        });
        await store.Schema.ApplyAsync(Cancellation);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await using var session = store.OpenSession();
        session.Events.Append(Guid.NewGuid(), new MoneyDeposited(Guid.NewGuid(), 5, "EUR", DateTimeOffset.UnixEpoch));
        await session.SaveChangesAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);

        await RebuildAsync(daemon, Cancellation);
        await BeginAsync(store, Cancellation);
        await WatchAsync(store, Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        await SwitchAsync(store, Cancellation);
        await BackAsync(store, Cancellation);
        await BeginAsync(store, Cancellation);
        await CancelAsync(store, Cancellation);

        (await store.Projections.StatusAsync(Cancellation)).ShouldHaveSingleItem().Build.ShouldBeNull();
        await using var reader = store.OpenQuerySession();
        (await reader.LoadAsync<MonthlyTurnover>("1970-01", Cancellation)).ShouldBe(new MonthlyTurnover("1970-01", 5, 1));
    }

    private static async Task RebuildAsync(IDaemon daemon, CancellationToken cancellationToken)
    {
        // begin-snippet: rebuild
        await daemon.RebuildAsync("monthly-turnover", cancellationToken);      // returns when it serves
        // end-snippet
    }

    private static async Task BeginAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: begin
        await store.Projections.RebuildAsync("monthly-turnover", cancellationToken);
        // end-snippet
    }

    private static async Task WatchAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: watch
        foreach (ProjectionStatus one in await store.Projections.StatusAsync(cancellationToken))
            Console.WriteLine($"{one.Name} {one.Version}: {one.Build?.Lag} positions behind, {one.Build?.TimeLeft} left");
        // end-snippet
    }

    private static async Task SwitchAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: switch
        ProjectionComparison? compared = await store.Projections.CompareAsync("monthly-turnover", cancellationToken);
        if (compared is { AreEqual: true })
            await store.Projections.SwitchAsync("monthly-turnover", cancellationToken);
        // end-snippet
    }

    private static async Task BackAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: back
        await store.Projections.SwitchBackAsync("monthly-turnover", cancellationToken);
        await store.Projections.SwitchAsync("monthly-turnover", cancellationToken);       // with SwitchByCommand
        // end-snippet
    }

    private static async Task CancelAsync(EventStore store, CancellationToken cancellationToken)
    {
        // begin-snippet: cancel
        await store.Projections.CancelRebuildAsync("monthly-turnover", cancellationToken);
        // end-snippet
    }
}
