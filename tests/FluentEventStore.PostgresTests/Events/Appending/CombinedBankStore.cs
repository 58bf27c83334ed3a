namespace FluentEventStore.PostgresTests.Events;

/// <summary>A store that sends each unit in the form for many, even one alone.</summary>
public sealed class CombinedBankStore(PostgresServer server) : BankStore(server)
{
    protected override void Configure(EventStoreOptions options) => options.Events.GroupCommit.CombinesFrom = 1;
}
