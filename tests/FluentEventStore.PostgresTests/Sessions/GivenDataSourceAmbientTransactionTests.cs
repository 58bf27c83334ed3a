using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>A data source of the application enlists its connections in ambient transactions, which is the driver's default.</summary>
public sealed class GivenDataSourceAmbientTransactionTests(BankStore bank)
    : AmbientTransactionTests(bank), IClassFixture<BankStore>, IAsyncDisposable
{
    private readonly BankStore _bank = bank;
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(bank.StoreConnectionString);

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    protected override EventStore CreateStore() => _bank.CreateStore(options =>
    {
        options.DataSource(_dataSource);
        options.Events.GroupCommit.Lanes = 1;
    });
}
