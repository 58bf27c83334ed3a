using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests;

/// <summary>A store that keeps inline snapshots.</summary>
public sealed class SnapshotStore(PostgresServer server) : BankStore(server)
{
    /// <summary>A store in the same schema that keeps none, as an older release of an application.</summary>
    public EventStore CreateStoreWithoutSnapshots() => CreateBareStore();

    internal static void KeepSnapshots(EventStoreOptions options)
    {
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Notebook>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Parcel>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Person>(ProjectionLifecycle.Inline);
        options.Projections.Snapshot<Till>(ProjectionLifecycle.Inline);
    }

    protected override void Configure(EventStoreOptions options) => KeepSnapshots(options);
}
