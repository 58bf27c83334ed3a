using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>A store in a schema of its own, of which each test makes the stores and daemons that it needs.</summary>
public class SubscriptionStore(PostgresServer server) : BankStore(server)
{
    /// <summary>A store with a subscription.</summary>
    public EventStore With(string name, Action<SubscriptionBuilder> declare, Action<EventStoreOptions>? configure = null) =>
        CreateStore(options =>
        {
            options.Subscriptions.Add(name, declare);
            configure?.Invoke(options);
        });

    /// <summary>Starts a daemon, and waits until it has handled everything.</summary>
    public static async Task<IDaemon> CatchUpAsync(EventStore store, DaemonMode mode = DaemonMode.Solo)
    {
        var daemon = store.BuildDaemon(mode);
        await daemon.StartAsync(TestContext.Current.CancellationToken);
        await daemon.CatchUpAsync(TestContext.Current.CancellationToken);
        return daemon;
    }

    public static async Task<SubscriptionStatus> StatusAsync(EventStore store, string name) =>
        (await store.Subscriptions.StatusAsync(TestContext.Current.CancellationToken)).Single(one => one.Name == name);

    // Tests end connections; this may be one of them.
    private static async Task<SubscriptionStatus?> TryFindAsync(EventStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.Subscriptions.StatusAsync(cancellationToken)).FirstOrDefault(one => one.Name == name);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>Waits until a subscription is as wanted.</summary>
    public static async Task<SubscriptionStatus> WaitAsync(EventStore store, string name, Func<SubscriptionStatus, bool> isThere)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await TryFindAsync(store, name, limit.Token) is { } status && isThere(status))
                return status;

            await Task.Delay(20, limit.Token);
        }
    }
}
