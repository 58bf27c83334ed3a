namespace FluentEventStore.PostgresTests.Events;

/// <summary>A store that writes each unit by itself.</summary>
public sealed class UncombinedBankStore(PostgresServer server) : BankStore(server)
{
    protected override void Configure(EventStoreOptions options) => options.Events.GroupCommit.IsEnabled = false;
}
