using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Store;

public sealed class DisposedStoreTests(BankStore bank) : IClassFixture<BankStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_use_of_a_disposed_store_says_that_it_is_disposed(bool byDataSource)
    {
        await using var dataSource = NpgsqlDataSource.Create(bank.ConnectionString);
        var store = byDataSource ? bank.CreateStore(options => options.DataSource(dataSource)) : bank.CreateStore();
        await using var open = store.OpenSession();
        open.Events.Append($"{Guid.NewGuid()}", new NoteTaken("a"));
        var (schema, log, transfer, privacy) = (store.Schema, store.Log, store.Transfer, store.Privacy);
        await store.DisposeAsync();
        await store.DisposeAsync();

        Func<Task>[] uses =
        [
            () => Task.FromResult(store.OpenSession()),
            () => Task.FromResult(store.OpenQuerySession()),
            () => Task.FromResult(store.Schema),
            () => Task.FromResult(store.Log),
            () => Task.FromResult(store.Transfer),
            () => Task.FromResult(store.DatabaseOf(TenantId.Default)),
            () => store.ExecuteAsync<Account>("s", static (_, _) => []),
            () => store.ScrubAsync(),
            () => schema.AssertAsync(Cancelled),
            () => schema.ApplyAsync(Cancelled),
            () => log.StatusAsync(Cancelled),
            () => log.FetchStatisticsAsync(Cancelled),
            () => log.FollowAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync().AsTask(),
            () => transfer.ExportAsync(Stream.Null, cancellationToken: Cancelled),
            () => privacy.ForgetAsync("ada", cancellationToken: Cancelled),
            () => open.SaveChangesAsync(Cancelled),
            () => open.LoadAsync<Customer>(Guid.NewGuid(), Cancelled),
            () => open.Events.FetchStreamAsync("s", cancellationToken: Cancelled),
            () => open.Events.ReadAllAsync(cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync().AsTask(),
        ];
        for (var index = 0; index < uses.Length; index++)
            (await Should.ThrowAsync<ObjectDisposedException>(uses[index], $"use {index}")).ObjectName.ShouldBe(
                "FluentEventStore.EventStore", $"use {index}");
    }
}
