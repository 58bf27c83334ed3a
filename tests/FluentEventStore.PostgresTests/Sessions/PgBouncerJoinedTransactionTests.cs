namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>The connection of the caller leads through PgBouncer too.</summary>
public sealed class PgBouncerJoinedTransactionTests(PgBouncerJoinedTransactionTests.Bank bank)
    : JoinedTransactionTests(bank.OrSkip()), IClassFixture<PgBouncerJoinedTransactionTests.Bank>
{
    public sealed class Bank(PostgresServer server, PgBouncer pgBouncer) : PgBouncerStore(server, pgBouncer)
    {
        protected override void Configure(EventStoreOptions options)
        {
            base.Configure(options);
            SnapshotStore.KeepSnapshots(options);
        }
    }
}
