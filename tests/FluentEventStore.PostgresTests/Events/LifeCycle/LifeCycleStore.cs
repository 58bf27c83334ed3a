namespace FluentEventStore.PostgresTests.Events;

/// <summary>A store that may delete streams without a trace, and keeps accounts as snapshots.</summary>
public sealed class LifeCycleStore(PostgresServer server) : BankStore(server)
{
    protected override void Configure(EventStoreOptions options)
    {
        options.Events.AllowHardDelete = true;
        options.Projections.Snapshot<Bank.Account>(ProjectionLifecycle.Inline);
    }

    /// <summary>Changes a stream in a unit of its own.</summary>
    public async Task<Commit> SaveAsync(Action<IEventOperations> change)
    {
        await using var session = Store.OpenSession();
        change(session.Events);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
