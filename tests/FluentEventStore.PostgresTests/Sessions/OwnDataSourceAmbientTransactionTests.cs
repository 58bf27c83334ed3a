namespace FluentEventStore.PostgresTests.Sessions;

public sealed class OwnDataSourceAmbientTransactionTests(BankStore bank) : AmbientTransactionTests(bank), IClassFixture<BankStore>
{
    private readonly BankStore _bank = bank;

    protected override EventStore CreateStore() => _bank.CreateStore(static options => options.Events.GroupCommit.Lanes = 1);
}
