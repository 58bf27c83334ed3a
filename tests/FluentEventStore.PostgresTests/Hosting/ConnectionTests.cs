using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Hosting;

public sealed class ConnectionTests(PostgresServer server)
{
    [Fact]
    public void Behind_PgBouncer_nothing_may_be_prepared()
    {
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.Connection(server.ConnectionString + ";Max Auto Prepare=10");
            options.PgBouncer();
        })).Message.ShouldContain("Max Auto Prepare");

        using var preparing = NpgsqlDataSource.Create(server.ConnectionString + ";Max Auto Prepare=10");
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.DataSource(preparing);
            options.PgBouncer();
        }));
    }

    [Fact]
    public void Without_several_hosts_there_is_no_standby_to_query() => Should.Throw<ArgumentException>(() => EventStore.For(options =>
    {
        options.Connection(server.ConnectionString);
        options.QueryOnStandby();
    })).Message.ShouldContain("several hosts");

    [Fact]
    public async Task A_store_writes_on_the_primary_and_query_sessions_read_on_the_standby()
    {
        await using var pair = await StandbyPair.StartOrSkipAsync();
        foreach (var byDataSource in (bool[])[false, true])
        {
            await using var dataSource = new NpgsqlDataSourceBuilder(pair.ConnectionString).BuildMultiHost();
            await using var store = EventStore.For(options =>
            {
                if (byDataSource)
                    options.DataSource(dataSource);
                else
                    options.Connection(pair.ConnectionString);
                options.QueryOnStandby();
            });
            await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);
            StreamId id = Guid.NewGuid();
            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken("a"));
            var customer = new Customer { Name = $"{id}" };
            session.Store(customer);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);

            await pair.CatchUpAsync();
            await using var query = store.OpenQuerySession();
            (await query.LoadAsync<Customer>(customer.Id, TestContext.Current.CancellationToken)).ShouldNotBeNull();

            // While it does not replay, only the primary has what is written.
            await pair.PauseStandbyAsync();
            session.Events.Append(id, new NoteTaken("b"));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            (await query.Events.FetchStreamAsync(id, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(1);
            (await session.Events.FetchStreamAsync(id, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(2);
            (await query.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken)
                .CountAsync(e => e.StreamId == id, TestContext.Current.CancellationToken)).ShouldBe(2);
            await pair.ResumeStandbyAsync();
        }
    }
}
