using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>A store that keeps orders as inline snapshots.</summary>
public sealed class OrderSnapshotStore(PostgresServer server) : BankStore(server)
{
    protected override void Configure(EventStoreOptions options) => options.Projections.Snapshot<Order>(ProjectionLifecycle.Inline);
}
