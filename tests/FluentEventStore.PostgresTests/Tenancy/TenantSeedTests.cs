using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Tenancy;

public sealed class TenantSeedTests(TenantServer server) : IClassFixture<TenantServer>, IAsyncLifetime
{
    private readonly EventStore _store = TenantServer.CreateStore(TenantDatabases.Static(server.Two));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.Schema.ApplyAsync(Cancellation);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Each_database_gets_the_seed_of_the_store_and_one_alone_that_of_its_tenant()
    {
        (await _store.SeedAsync("for all", WriteAsync, Cancellation)).ShouldBeTrue();
        (await _store.SeedAsync("for a", "a", WriteAsync, Cancellation)).ShouldBeTrue();

        (await _store.SeedAsync("for all", WriteAsync, Cancellation)).ShouldBeFalse();
        (await _store.SeedAsync("for a", "a", WriteAsync, Cancellation)).ShouldBeFalse();
        (await SeededAsync("a")).ShouldBe(["a", "a"]);
        (await SeededAsync("b")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_seed_for_a_tenant_without_a_database_is_refused()
    {
        var failure = await Should.ThrowAsync<UnknownTenantException>(
            () => _store.SeedAsync("for nobody", "nobody", WriteAsync, Cancellation));

        failure.TenantId.Value.ShouldBe("nobody");
    }

    private static Task WriteAsync(IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Events.Append("seeded", new NoteTaken(session.TenantId.Value));
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<string>> SeededAsync(TenantId tenant)
    {
        await using var session = _store.OpenQuerySession(tenant);
        return [.. (await session.Events.FetchStreamAsync("seeded", Cancellation)).Select(static e => ((NoteTaken)e.Data).Text)];
    }
}
