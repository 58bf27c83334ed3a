namespace FluentEventStore.PostgresTests.Outbox;

/// <summary>A store in a schema of its own, of which each test makes the stores and daemons that it needs.</summary>
public class OutboxStore(PostgresServer server) : BankStore(server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public EventStore With(IMessageSink sink, Action<EventStoreOptions>? configure = null) => CreateStore(options =>
    {
        options.Messages.SendTo(sink);
        options.Messages.Lease = TimeSpan.FromSeconds(1);
        configure?.Invoke(options);
    });

    public static async Task<IDaemon> StartAsync(EventStore store, DaemonMode mode = DaemonMode.Solo)
    {
        var daemon = store.BuildDaemon(mode);
        await daemon.StartAsync(Token);
        return daemon;
    }

    public static async Task PublishAsync(EventStore store, string? key, params object[] messages)
    {
        await using var session = store.OpenSession();
        foreach (var message in messages)
            session.Messages.Publish(message, key);

        await session.SaveChangesAsync(Token);
    }

    /// <summary>Waits until nothing waits any more.</summary>
    public static Task IsEmptyAsync(EventStore store) => Eventually.BecomesTrueAsync(
        async () => (await store.Messages.StatusAsync(Token)).Waiting == 0, "nothing waits to be sent");
}
