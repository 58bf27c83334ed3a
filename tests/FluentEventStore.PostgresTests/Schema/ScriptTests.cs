namespace FluentEventStore.PostgresTests.Schema;

public sealed class ScriptTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_script_creates_everything_and_may_be_run_twice()
    {
        await using var store = new StoreFixture(server);
        var script = await ScriptAsync(store);

        await Psql.RunAsync(server.ConnectionString, script);
        var tag = await store.ScalarAsync<short>("select lock_tag from {s}.store");
        await Psql.RunAsync(server.ConnectionString, script);

        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        (await store.ScalarAsync<short>("select lock_tag from {s}.store")).ShouldBe(tag);
        (await store.ScalarAsync<long>("select last_value from {s}.positions")).ShouldBe(0);
    }

    [Fact]
    public async Task Processes_that_run_the_script_and_stores_that_apply_do_not_disturb_each_other()
    {
        var name = server.CreateSchemaName();
        await using var first = new StoreFixture(server, name);
        await using var second = new StoreFixture(server, name);
        var script = await ScriptAsync(first);

        await Task.WhenAll(
            Psql.RunAsync(server.ConnectionString, script),
            Psql.RunAsync(server.ConnectionString, script),
            Psql.RunAsync(server.ConnectionString, script),
            first.Schema.ApplyAsync(Cancelled),
            second.Schema.ApplyAsync(Cancelled));

        (await first.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
        (await first.ScalarAsync<long>("select count(*) from {s}.store")).ShouldBe(1);
    }

    [Fact]
    public async Task The_script_needs_no_server()
    {
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        var schema = new StoreSchema(
            nowhere, new FluentEventStore.Postgres.SqlIdentifier("bank"), () => StoreFixture.Everything(new("bank")));
        await using var writer = new StringWriter();

        await schema.ScriptAsync(writer, Cancelled);

        writer.ToString().ShouldContain("create schema if not exists \"bank\";");
    }

    private static async Task<string> ScriptAsync(StoreFixture store)
    {
        await using var writer = new StringWriter();
        await store.Schema.ScriptAsync(writer, Cancelled);
        return writer.ToString();
    }
}
