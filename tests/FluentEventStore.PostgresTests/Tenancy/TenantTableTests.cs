using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Tenancy;

public sealed class TenantTableTests(TenantServer server) : IClassFixture<TenantServer>, IAsyncLifetime
{
    private readonly string _table = $"tenants_{Guid.NewGuid():N}"[..20];
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly StreamId _id = Guid.NewGuid();
    private EventStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EventStore Store => _store ?? throw new InvalidOperationException("The store is not set up.");

    public async ValueTask InitializeAsync()
    {
        await AskAsync($"create table {_table} (tenant text primary key, connection_string text)");
        await PutAsync("a", server.Two["a"]);
        _store = CreateStore(TenantDatabases.FromTable(server.ConnectionString, $"public.{_table}"));
        await _store.Schema.ApplyAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await AskAsync($"drop table if exists {_table}");
    }

    [Fact]
    public async Task A_new_tenant_needs_no_restart()
    {
        await using var session = Store.OpenSession("b");
        session.Events.Append(_id, new NoteTaken("early"));
        await Should.ThrowAsync<UnknownTenantException>(() => session.SaveChangesAsync(Cancellation));

        await PutAsync("b", server.Two["b"]);
        (await Store.Schema.ApplyAsync(Cancellation)).Drift.ShouldBeEmpty();

        (await session.SaveChangesAsync(Cancellation)).Streams[_id].Version.ShouldBe(1);
        (await FetchAsync("b")).Count.ShouldBe(1);
        (await FetchAsync("a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_whose_connection_string_is_null_has_no_database()
    {
        await PutAsync("n", null);
        (await Should.ThrowAsync<UnknownTenantException>(() => FetchAsync("n"))).TenantId.ShouldBe("n");
        await Store.Schema.AssertAsync(Cancellation);
    }

    [Fact]
    public async Task A_tenant_that_is_removed_is_served_for_at_most_a_minute()
    {
        await FetchAsync("a");
        await AskAsync($"delete from {_table}");
        _clock.Advance(TimeSpan.FromSeconds(59));
        await FetchAsync("a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<UnknownTenantException>(() => FetchAsync("a"));

        await PutAsync("a", server.Two["a"]);
        await FetchAsync("a");
    }

    [Fact]
    public async Task A_tenant_that_moved_is_found_there_by_sessions_that_were_open_and_by_new_ones()
    {
        var elsewhere = await server.CreateDatabaseAsync();
        await using var open = Store.OpenSession("a");
        open.Events.Append(_id, new NoteTaken("before"));
        await open.SaveChangesAsync(Cancellation);
        await using var reading = Store.OpenQuerySession("a");
        await using var events = reading.Events.ReadStreamAsync(_id, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        (await events.MoveNextAsync()).ShouldBeTrue();

        await PutAsync("a", elsewhere);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Store.DatabaseOf("a").Schema.ApplyAsync(Cancellation);

        (await events.MoveNextAsync()).ShouldBeFalse();
        open.Events.Append(_id, new NoteTaken("after"));
        (await open.SaveChangesAsync(Cancellation)).Streams[_id].Version.ShouldBe(1);
        (await FetchAsync("a")).ShouldHaveSingleItem().Data.ShouldBe(new NoteTaken("after"));
        (await Database.AskAsync(server.Two["a"], $"select version from event_store.streams where id = '{_id}'")).ShouldBe(1L);

        await PutAsync("a", server.Two["a"]);
    }

    [Fact]
    public async Task The_log_of_a_tenant_that_moved_is_checked_again()
    {
        var elsewhere = await server.CreateDatabaseAsync();
        await using (var there = EventStore.For(options => options.Connection(elsewhere)))
            await there.Schema.ApplyAsync(Cancellation);
        await Database.AskAsync(elsewhere, "alter sequence event_store.positions cache 10");
        var log = Store.DatabaseOf("a").Log;
        await using (var session = Store.OpenSession("a"))
            (await session.Events.ReadAllAsync(cancellationToken: Cancellation).CountAsync(Cancellation)).ShouldBeGreaterThanOrEqualTo(0);

        await PutAsync("a", elsewhere);
        _clock.Advance(TimeSpan.FromSeconds(60));

        await Should.ThrowAsync<OrderingNotGuaranteedException>(
            async () => await log.FollowAsync(cancellationToken: Cancellation).FirstAsync(Cancellation));
        await using (var session = Store.OpenSession("a"))
        {
            await Should.ThrowAsync<OrderingNotGuaranteedException>(
                async () => await session.Events.ReadAllAsync(cancellationToken: Cancellation).CountAsync(Cancellation));
        }

        await PutAsync("a", server.Two["a"]);
    }

    [Fact]
    public async Task While_the_table_cannot_be_read_known_tenants_are_served_and_others_get_the_failure()
    {
        await FetchAsync("a");
        await AskAsync($"drop table {_table}");
        _clock.Advance(TimeSpan.FromHours(1));

        await FetchAsync("a");
        (await Should.ThrowAsync<PostgresException>(() => FetchAsync("b"))).SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
    }

    [Fact]
    public async Task A_connection_string_that_cannot_be_read_is_reported_with_its_tenant_and_may_be_corrected()
    {
        await PutAsync("bad", "Hosst=x");
        var refused = await Should.ThrowAsync<TenantDatabaseException>(() => FetchAsync("bad"));
        refused.TenantId.ShouldBe("bad");
        refused.Reason.ShouldNotBeEmpty();

        await PutAsync("bad", server.Two["a"]);
        await FetchAsync("bad");
    }

    [Fact]
    public async Task The_data_source_of_the_application_stays_open()
    {
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using (var store = CreateStore(TenantDatabases.FromTable(dataSource, _table)))
            await store.Schema.AssertAsync(Cancellation);

        await using var connection = await dataSource.OpenConnectionAsync(Cancellation);
        connection.State.ShouldBe(System.Data.ConnectionState.Open);
    }

    private EventStore CreateStore(ITenantDatabases databases) =>
        TenantServer.CreateStore(databases, options => options.TimeProvider = _clock);

    private async Task<IReadOnlyList<IEvent>> FetchAsync(TenantId tenantId)
    {
        await using var session = Store.OpenQuerySession(tenantId);
        return await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation);
    }

    private Task<object?> PutAsync(string tenant, string? connectionString) => AskAsync(
        $"""
        insert into {_table} (tenant, connection_string)
        values ('{tenant}', {(connectionString is null ? "null" : $"'{connectionString}'")})
        on conflict (tenant) do update set connection_string = excluded.connection_string
        """);

    private Task<object?> AskAsync(string sql) => Database.AskAsync(server.ConnectionString, sql);
}
