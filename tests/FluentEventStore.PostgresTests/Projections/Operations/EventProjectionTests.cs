using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Operations;

public sealed class EventProjectionTests(PostgresServer server) : IAsyncLifetime
{
    private readonly AuditStore _inline = new(server, ProjectionLifecycle.Inline);
    private readonly AuditStore _daemon = new(server, ProjectionLifecycle.Async);
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _inline.InitializeAsync();
        await _daemon.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _inline.DisposeAsync();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Random_events_give_equal_rows_inline_by_a_daemon_and_rebuilt()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var inline = _inline.CreateStore(options => options.TimeProvider = clock);
        await using var store = _daemon.CreateStore(options => options.TimeProvider = clock);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var accounts = Enumerable.Range(0, 4).Select(static _ => Guid.NewGuid()).ToArray();
        for (var step = 0; step < 60; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var account = accounts[random.Next(accounts.Length)];
            var events = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random, account)).ToArray();
            var ids = events.Select(static _ => Guid.CreateVersion7()).ToArray();
            foreach (var one in (EventStore[])[inline, store])
            {
                await using var session = one.OpenSession();
                for (var index = 0; index < events.Length; index++)
                    session.Events.Append(account, events[index]).WithEventId(ids[index]);

                await session.SaveChangesAsync(Cancelled);
            }

            if (random.Next(5) == 0)
                await daemon.CatchUpAsync(Cancelled);
        }

        await daemon.CatchUpAsync(Cancelled);
        var rows = await _inline.RowsAsync("");
        (await _daemon.RowsAsync("")).ShouldBe(rows, $"seed {seed}");
        await daemon.RebuildAsync("audit", Cancelled);
        (await _daemon.RowsAsync("b")).ShouldBe(rows, $"seed {seed}");
        await using var reader = store.OpenQuerySession();
        (await reader.LoadManyAsync<AuditedAccount>(accounts, Cancelled)).Count.ShouldBe(
            rows.Split('\n').Count(static row => row.StartsWith("account", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_projection_that_fails_refuses_the_unit_and_stops_a_daemon()
    {
        var failure = await Should.ThrowAsync<ProjectionException>(() => _inline.AppendAsync(_id, new MoneyWithdrawn(_id, 13)));
        failure.Message.ShouldContain("unlucky");

        await using var store = _daemon.CreateBareStore(static options => options.Projections.Add<AuditProjection>(
            ProjectionLifecycle.Async, static projection => projection.OnError(retries: 0, then: FailedEvent.Skip)));
        await _daemon.AppendAsync(_id, new MoneyDeposited(_id, 1), new MoneyWithdrawn(_id, 13), new MoneyDeposited(_id, 2));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await _daemon.ExecuteAsync("select count(*) from {schema}.doc_audit_line")).ShouldBe(2L);
    }

    private static object Draw(Random random, Guid account) => random.Next(7) switch
    {
        < 3 => new MoneyDeposited(account, random.Next(100)),
        < 6 => new MoneyWithdrawn(account, random.Next(10)),
        _ => new AccountClosed(account),
    };

    private sealed class AuditStore(PostgresServer server, ProjectionLifecycle lifecycle) : SubscriptionStore(server)
    {
        public async Task<string> RowsAsync(string suffix) => (string)(await ExecuteAsync($"""
            select coalesce(string_agg(r.row, E'\n' order by r.row collate "C"), '')
            from (
              select 'line ' || row(tenant, id, data, version, created_at, modified_at, deleted_at)::text as row
              from {Schema}.doc_audit_line_v1{suffix}
              union all
              select 'account ' || row(tenant, id, data, version, created_at, modified_at, deleted_at)::text
              from {Schema}.doc_audited_account_v1{suffix}
            ) as r
            """))!;

        protected override void Configure(EventStoreOptions options) => options.Projections.Add<AuditProjection>(lifecycle);
    }
}
