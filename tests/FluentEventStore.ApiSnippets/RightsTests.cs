using System.Text.RegularExpressions;
using FluentEventStore.ApiSnippets.Bank;
using Npgsql;

namespace FluentEventStore.ApiSnippets;

public sealed partial class RightsTests(SnippetStore snippets)
{
    private readonly string _schema = SnippetStore.NewSchema();

    [Fact]
    public async Task A_role_with_the_documented_rights_writes_and_reads()
    {
        await using (var owner = CreateStore(snippets.ConnectionString))
            await owner.Schema.ApplyAsync();

        var role = $"app_{_schema}";
        var grants = Grants().Match(Repository.Read("docs/reference/database.md")).Groups[1].Value
            .Replace("event_store", _schema, StringComparison.Ordinal).Replace(" app;", $" {role};", StringComparison.Ordinal);
        await ExecuteAsync($"create role {role} login password 'secret'; {grants}");
        // The other document of this assembly.
        await ExecuteAsync($"grant select, insert, update, delete on {_schema}.doc_product to {role}");

        await using var store = CreateStore(
            new NpgsqlConnectionStringBuilder(snippets.ConnectionString) { Username = role, Password = "secret" }.ConnectionString);
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using var session = store.OpenSession();
        for (var round = 0; round < 2; round++)
        {
            session.Events.Append("account", new AccountClosed(Guid.Empty));
            session.Store(customer);
            await session.SaveChangesAsync();
        }

        session.Update(customer with { City = "Rome" });
        await session.SaveChangesAsync();
        (await session.LoadAsync<Customer>(customer.Id))!.City.ShouldBe("Rome");
        session.Delete<Customer>(customer.Id);
        await session.SaveChangesAsync();
        (await session.Events.ReadAllAsync().CountAsync()).ShouldBe(2);
        await store.Transfer.ImportAsync(
            new[] { new ImportedEvent("account", 3, new AccountClosed(Guid.Empty)) { Timestamp = DateTimeOffset.UtcNow } }
                .ToAsyncEnumerable());
        (await store.Transfer.ExportAsync(Stream.Null)).Events.ShouldBe(3);
        await store.Schema.AssertAsync();
    }

    private EventStore CreateStore(string connectionString) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = _schema;
    });

    private async Task ExecuteAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(snippets.ConnectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("## Rights.*?```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Grants();
}
