using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Npgsql;

namespace FluentEventStore.PostgresTests;

/// <summary>
/// The role that docs/reference/database.md says an application needs, with the rights to archive, delete and mask. If <see
/// cref="Variable"/> is set, the stores of the tests work as this role, in schemas of another owner. What the tests themselves ask the
/// database, they ask as the superuser.
/// </summary>
public sealed partial class ApplicationRole
{
    /// <summary>
    /// Set it to 1 for both lists of rights of the page. Set it to <c>append</c> for the first one alone: then archiving, deleting and
    /// masking are refused.
    /// </summary>
    public const string Variable = "FLUENTEVENTSTORE_TESTS_ROLE";

    private static readonly string? Wanted = Environment.GetEnvironmentVariable(Variable);

    private readonly string[] _rights;
    private readonly string _owner;
    private readonly string _name = $"app_{Guid.NewGuid():N}"[..20];

    private ApplicationRole(string owner, int blocks)
    {
        _owner = owner;
        _rights = [.. DocumentedRights().Take(blocks)];
    }

    /// <summary><see langword="null"/> if the tests run as the superuser.</summary>
    public static async Task<ApplicationRole?> CreateAsync(string owner)
    {
        return string.IsNullOrEmpty(Wanted) ? null : await CreateAsync(owner, Wanted == "append" ? 1 : 2);
    }

    /// <summary>A role that may append and read, and no more.</summary>
    public static Task<ApplicationRole> CreateAppendingAsync(string owner) => CreateAsync(owner, blocks: 1);

    /// <summary>A connection string of the superuser, as this role; any other one as it is.</summary>
    public string Connect(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        if (connection.Username != new NpgsqlConnectionStringBuilder(_owner).Username)
            return connectionString;

        connection.Username = _name;
        connection.Password = "application";
        return connection.ConnectionString;
    }

    /// <summary>Gives the role what the page says, on everything that is in the schema now.</summary>
    public async Task GrantAsync(string schema)
    {
        var documents = (string[])(await Database.AskAsync(
            _owner, $"select coalesce(array_agg(tablename::text), array[]::text[]) from pg_tables where schemaname = '{schema}' and "
                + "tablename like 'doc\\_%'"))
            .ShouldNotBeNull();
        foreach (var statement in _rights.SelectMany(static block => Statement().Matches(block)).Select(static match => match.Value))
        {
            string[] each = statement.Contains("doc_customer", StringComparison.Ordinal)
                ? [.. documents.Select(document => statement.Replace("doc_customer", document, StringComparison.Ordinal))]
                : [statement];
            foreach (var grant in each)
                await Database.AskAsync(
                    _owner,
                    grant.Replace("event_store", schema, StringComparison.Ordinal).Replace(
                        " to app;", $" to {_name};", StringComparison.Ordinal));
        }
    }

    public Task DropAsync() => Database.AskAsync(_owner, $"drop owned by {_name}; drop role {_name}");

    private static async Task<ApplicationRole> CreateAsync(string owner, int blocks)
    {
        var role = new ApplicationRole(owner, blocks);
        await Database.AskAsync(owner, $"create role {role._name} login password 'application'");
        return role;
    }

    private static IEnumerable<string> DocumentedRights([CallerFilePath] string thisFile = "")
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../docs/reference/database.md"));
        return Block().Matches(page[page.IndexOf("## Rights", StringComparison.Ordinal)..]).Select(static block => block.Value)
            .Where(static block => block.Contains(" to app;", StringComparison.Ordinal));
    }

    [GeneratedRegex("^```sql$.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^grant .* to app;", RegexOptions.Multiline)]
    private static partial Regex Statement();
}
