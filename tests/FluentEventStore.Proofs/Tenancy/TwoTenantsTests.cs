using FluentEventStore.PostgresTests.Events;
using FluentEventStore.PostgresTests.Tenancy;

namespace FluentEventStore.Proofs.Tenancy;

public sealed class TwoTenantsTests(LifeCycleStore bank, TenantServer server) : IClassFixture<LifeCycleStore>, IClassFixture<TenantServer>
{
    private readonly int _seed = Random.Shared.Next();

    [Fact]
    public async Task Nothing_that_a_tenant_does_touches_another_in_the_same_tables()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {_seed}");
        await new TwoTenants(bank.Store, _seed).RunAsync($"a{_seed}", $"b{_seed}");
    }

    [Fact]
    public async Task Nothing_that_a_tenant_does_touches_another_in_another_database()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {_seed}");
        await using var store = TenantServer.CreateStore(TenantDatabases.Static(server.Two), static options =>
        {
            options.Events.AllowHardDelete = true;
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        });
        await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);
        await new TwoTenants(store, _seed).RunAsync("a", "b");
    }
}
