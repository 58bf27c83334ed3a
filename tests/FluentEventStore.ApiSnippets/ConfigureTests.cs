using FluentEventStore.ApiSnippets.Bank;
using Npgsql;

namespace FluentEventStore.ApiSnippets;

public sealed class ConfigureTests(SnippetStore snippets)
{
    [Fact]
    public async Task A_store_is_configured_and_its_schema_applied_asserted_and_scripted()
    {
        var connectionString = snippets.ConnectionString;
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString);              // or options.DataSource(npgsqlDataSource)
            options.Schema = "bank";
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        });
        await store.Schema.ApplyAsync();                       // AssertAsync(), ScriptAsync(writer)

        (await store.Schema.ApplyAsync()).Applied.ShouldBeEmpty();
        (await store.Schema.AssertAsync()).Drift.ShouldBeEmpty();
        using var script = new StringWriter();
        await store.Schema.ScriptAsync(script);
        script.ToString().ShouldContain("doc_account");
    }

    [Fact]
    public async Task A_data_source_of_the_application_stays_its_own()
    {
        await using var dataSource = NpgsqlDataSource.Create(snippets.ConnectionString);
        var schema = SnippetStore.NewSchema();
        await using (var store = EventStore.For(options =>
        {
            options.DataSource(dataSource);
            options.Schema = schema;
        }))
        {
            await store.Schema.ApplyAsync();
        }

        await using var command = dataSource.CreateCommand($"select count(*) from {schema}.events");
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public void A_store_without_a_connection_is_refused() => Should.Throw<ArgumentException>(() => EventStore.For(_ => { }));
}
