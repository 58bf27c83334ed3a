namespace FluentEventStore.PostgresTests;

public sealed class PostgresServerTests(PostgresServer server)
{
    [Fact]
    public async Task The_shared_server_answers_and_gives_every_test_a_schema_name_of_its_own()
    {
        var name = server.CreateSchemaName();
        name.ShouldNotBe(server.CreateSchemaName());
        name.ShouldMatch("^t_[0-9a-f]{16}$");

        await Database.AskAsync(server.ConnectionString, $"create schema {name}; create table {name}.note (text text)");

        (await Database.AskAsync(server.ConnectionString, $"select to_regclass('{name}.note') is not null")).ShouldBe(true);
    }
}
