using Npgsql;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class TenantChecks(string connectionString, string schema)
{
    public async Task SeparateAsync()
    {
        await using var store = Open(TenantDatabases.Static(new Dictionary<TenantId, string> { ["acme"] = connectionString }));
        Equal("", (await store.Schema.ApplyAsync()).Applied);
        var id = Guid.NewGuid();
        await using var session = store.OpenSession("acme");
        session.Events.Append(id, new AccountOpened("Ada", Currency.Franc));
        await session.SaveChangesAsync();
        Equal("acme", (await session.Events.FetchStreamAsync(id))[0].TenantId.Value);

        Equal(default, await store.DatabaseOf("acme").ScrubAsync());
        Equal(default, await store.DatabaseOf("acme").ScrubAsync(new Progress<ScrubReport>()));
        Equal(true, await store.DatabaseOf("acme").FillSnapshotsAsync<Account>() > 0);
        Equal(true, await store.DatabaseOf("acme").FillSnapshotsAsync<Account>(new Progress<long>()) > 0);
        Equal(0L, (await store.DatabaseOf("acme").FillNaturalKeysAsync<Ticket>()).Filled);
        Equal(0L, (await store.DatabaseOf("acme").FillNaturalKeysAsync<Ticket>(new Progress<long>())).Filled);
        _ = await store.DatabaseOf("acme").DeleteSnapshotsAsync<Account>();
        Equal(0L, await store.DatabaseOf("acme").DeleteSnapshotsAsync<Account>());
        Equal(new Account(id, "Ada", 0), await session.Events.AggregateStreamAsync<Account>(id));
        Equal(1L, await store.DatabaseOf("acme").DeleteSnapshotsAsync<Account>());

        await using var stranger = store.OpenSession("umbrella");
        Equal("umbrella", (await ThrowsAsync<UnknownTenantException>(() => stranger.Events.FetchStreamAsync(id))).TenantId.Value);
    }

    public async Task LookUpAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using (var create = dataSource.CreateCommand(
            $"create table {schema}.tenants (tenant text primary key, connection_string text); insert into {schema}.tenants values "
                + $"('acme', '{connectionString}')"))
        {
            await create.ExecuteNonQueryAsync();
        }

        await using var store = Open(TenantDatabases.FromTable(dataSource, $"{schema}.tenants"));
        Equal(0, (await store.DatabaseOf("acme").Schema.AssertAsync()).Drift.Count);
        await ThrowsAsync<UnknownTenantException>(() => store.DatabaseOf("umbrella").Schema.AssertAsync());

        await using var another = Open(TenantDatabases.FromTable(connectionString, $"{schema}.tenants"));
        Equal(0, (await another.DatabaseOf("acme").Schema.AssertAsync()).Drift.Count);
    }

    // With the same documents and snapshots as the store that made the schema.
    private EventStore Open(ITenantDatabases databases) => EventStore.For(options =>
    {
        options.TenantDatabases(databases);
        options.Schema = schema;
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        options.Projections.SnapshotLive<Account>().SnapshotLive<Account>(every: 1, version: 2).SnapshotLive<Account>(every: 1);
    });
}
