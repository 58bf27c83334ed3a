namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Stores and daemons of this process that carry the same subscriptions, each as a process of its own would.</summary>
internal sealed class Carriers(BankStore bank, Effects effects) : IAsyncDisposable
{
    private readonly List<(EventStore Store, IDaemon Daemon)> _all = [];

    /// <summary>What each handler does first.</summary>
    public Func<IEvent, Task>? Before { get; init; }

    /// <summary>What becomes of events that fail.</summary>
    public FailedEvent Then { get; init; } = FailedEvent.Stop;

    /// <summary>Where the stores connect to; by default as those of the tests.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Starts some.</summary>
    public async Task StartAsync(int count)
    {
        for (var number = 0; number < count; number++)
            await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (store, daemon) in _all)
        {
            await daemon.DisposeAsync();
            await store.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var store = EventStore.For(options =>
        {
            options.Connection(ConnectionString ?? bank.StoreConnectionString);
            options.Schema = bank.Schema;
            Copying.Declare(options.Subscriptions, effects.Add, Before, Then);
        });
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(TestContext.Current.CancellationToken);
        _all.Add((store, daemon));
    }
}
