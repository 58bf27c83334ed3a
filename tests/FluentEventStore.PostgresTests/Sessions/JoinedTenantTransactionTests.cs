using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Tenancy;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>A session in a transaction of the caller, where each tenant has a database.</summary>
public sealed class JoinedTenantTransactionTests(TenantServer server) : IClassFixture<TenantServer>, IAsyncLifetime
{
    private readonly EventStore _store = TenantServer.CreateStore(
        TenantDatabases.Static(server.Two), static options => options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline));

    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.Schema.ApplyAsync(Token);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_saved_is_in_the_database_of_the_tenant_when_the_caller_commits_and_nowhere_else(bool commits)
    {
        var customer = new Customer { Id = _id, Name = "Ada" };
        foreach (TenantId tenant in (TenantId[])["a", "b"])
        {
            await using var connection = await OpenAsync(tenant);
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var session = _store.OpenSession(new SessionOptions { TenantId = tenant, Transaction = transaction });
            session.Events.Append(_id, new AccountOpened(_id, $"Ada at {tenant}", "EUR"), new MoneyDeposited(_id, 5));
            session.Store(customer);
            (await session.SaveChangesAsync(Token)).Streams[_id].Version.ShouldBe(2);
            (await session.LoadAsync<Account>(_id, Token))!.Owner.ShouldBe($"Ada at {tenant}");
            if (commits)
                await transaction.CommitAsync(Token);
        }

        foreach (TenantId tenant in (TenantId[])["a", "b"])
        {
            await using var session = _store.OpenQuerySession(tenant);
            (await session.Events.FetchStreamAsync(_id, cancellationToken: Token)).Count.ShouldBe(commits ? 2 : 0);
            (await session.LoadAsync<Account>(_id, Token))?.Owner.ShouldBe($"Ada at {tenant}");
            (await session.LoadAsync<Customer>(_id, Token) is not null).ShouldBe(commits);
        }
    }

    [Fact]
    public async Task A_transaction_of_another_tenants_database_is_refused_and_nothing_is_written_to_either()
    {
        await using var connection = await OpenAsync("a");
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var session = _store.OpenSession(new SessionOptions { TenantId = "b", Transaction = transaction });
        session.Events.Append(_id, new NoteTaken("lost?"));

        (await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync(Token))).Message.ShouldContain(
            new NpgsqlConnectionStringBuilder(server.Two["a"]).Database!);
        await Should.ThrowAsync<InvalidOperationException>(() => session.LoadAsync<Customer>(_id, Token));
        await transaction.CommitAsync(Token);

        foreach (TenantId tenant in (TenantId[])["a", "b"])
        {
            await using var looking = _store.OpenQuerySession(tenant);
            (await looking.Events.FetchStreamAsync(_id, cancellationToken: Token)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_tenant_without_a_database_is_reported_and_the_transaction_goes_on()
    {
        await using var connection = await OpenAsync("a");
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using (var nobody = _store.OpenSession(new SessionOptions { TenantId = "nobody", Transaction = transaction }))
        {
            nobody.Events.Append(_id, new NoteTaken("lost?"));
            (await Should.ThrowAsync<UnknownTenantException>(() => nobody.SaveChangesAsync(Token))).TenantId.ShouldBe("nobody");
        }

        await using var session = _store.OpenSession(new SessionOptions { TenantId = "a", Transaction = transaction });
        session.Events.Append(_id, new NoteTaken("kept"));
        await session.SaveChangesAsync(Token);
        await transaction.CommitAsync(Token);

        await using var looking = _store.OpenQuerySession("a");
        (await looking.Events.FetchStreamAsync(_id, cancellationToken: Token)).ShouldHaveSingleItem().TenantId.ShouldBe("a");
    }

    private async Task<NpgsqlConnection> OpenAsync(TenantId tenant)
    {
        var connection = new NpgsqlConnection(server.Two[tenant]);
        await connection.OpenAsync(Token);
        return connection;
    }
}
