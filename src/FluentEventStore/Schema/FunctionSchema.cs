using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using FluentEventStore.Postgres;
using Weasel.Core;
using Weasel.Postgresql;
using DbDataReader = System.Data.Common.DbDataReader;

namespace FluentEventStore.Schema;

/// <summary>A function of the store. A new body replaces it; a new signature first drops the overloads that no longer fit.</summary>
/// <remarks>
/// It is compared with what <c>pg_proc</c> holds, never with a printed definition. So types must be spelled as PostgreSQL prints them
/// (<c>timestamp with time zone</c>, <c>integer</c>, <c>boolean</c>). Applying proves it: a function that still differs afterwards is an
/// error.
/// </remarks>
internal sealed partial class FunctionSchema(SqlIdentifier schema, SqlIdentifier name) : ISchemaObject
{
    private const string Quote = "$function$";

    /// <summary>
    /// The search path of every function, whatever the caller's is. So a name without a schema never means something that was planted in a
    /// schema of the caller's path.
    /// </summary>
    private const string SearchPath = "search_path=pg_catalog, pg_temp";

    /// <summary>A function in plpgsql that may change the database.</summary>
    [SetsRequiredMembers]
    public FunctionSchema(SqlIdentifier schema, string name, string arguments, string returns, string body)
        : this(schema, new SqlIdentifier(name))
    {
        Arguments = arguments;
        Returns = returns;
        Body = body;
    }

    /// <summary>Names and types, without defaults: <c>p_tenant text, p_ids uuid[]</c>.</summary>
    public required string Arguments
    {
        get;
        init => field = Normalized(value);
    }

    /// <summary>A type, <c>SETOF</c> a type, or <c>TABLE(name type, …)</c>.</summary>
    public required string Returns
    {
        get;
        init => field = Normalized(value);
    }

    /// <summary>What stands between the dollar quotes.</summary>
    public required string Body
    {
        get;
        init => field = value.Contains(Quote, StringComparison.Ordinal)
            ? throw new ArgumentException($"The body of a function cannot hold {Quote}.", nameof(value))
            : "\n" + value.ReplaceLineEndings("\n").Trim('\n') + "\n";
    }

    /// <summary><c>volatile</c>, <c>stable</c> or <c>immutable</c>.</summary>
    public string Volatility { get; init; } = "volatile";

    /// <summary><c>plpgsql</c> or <c>sql</c>.</summary>
    public string Language { get; init; } = "plpgsql";

    public DbObjectName Identifier { get; } = new PostgresqlObjectName(schema.Name, name.Name, SchemaUtils.IdentifierUsage.Function);

    public void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        writer.WriteLine($"create or replace function {schema}.{name}({Arguments}) returns {Returns}");
        writer.WriteLine($"language {Language} {Volatility} set {SearchPath}");
        writer.WriteLine($"as {Quote}{Body}{Quote};");
    }

    public void WriteDropStatement(Migrator rules, TextWriter writer) => throw new NotSupportedException();

    public void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        var schemaName = builder.AddParameter(schema.Name).ParameterName;
        var functionName = builder.AddParameter(name.Name).ParameterName;
        builder.Append(
            $"""
            select pg_catalog.pg_get_function_identity_arguments(p.oid), pg_catalog.pg_get_function_result(p.oid), p.prosrc,
                   case p.provolatile when 'v' then 'volatile' when 's' then 'stable' else 'immutable' end, l.lanname::text,
                   p.prokind = 'f' and not p.prosecdef and not p.proisstrict and not p.proleakproof and p.proconfig = array['{SearchPath}']
            from pg_catalog.pg_proc p
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            join pg_catalog.pg_language l on l.oid = p.prolang
            where n.nspname = :{schemaName}
              and p.proname = :{functionName}
            order by 1;

            """);
    }

    public async Task<ISchemaObjectDelta> CreateDeltaAsync(DbDataReader reader, CancellationToken ct = default)
    {
        var drops = new StringBuilder();
        var asNeeded = false;
        var isThere = false;
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            isThere = true;
            var arguments = reader.GetString(0);
            if (!Same(arguments, Arguments)
                || await reader.IsDBNullAsync(1, ct).ConfigureAwait(false)
                || !Same(reader.GetString(1), Returns))
            {
                drops.Append("drop function ").Append(schema).Append('.').Append(name).Append('(').Append(arguments).Append(");\n");
                continue;
            }

            asNeeded = reader.GetString(2) == Body
                && reader.GetString(3) == Volatility
                && reader.GetString(4) == Language
                && reader.GetBoolean(5);
        }

        if (!isThere)
            return Growth.Missing(this);

        return new Growth(this, drops + (asNeeded ? "" : SchemaText.Create(this)));
    }

    public IEnumerable<DbObjectName> AllNames() => [Identifier];

    private static bool Same(string actual, string expected) =>
        string.Equals(Normalized(actual), expected, StringComparison.OrdinalIgnoreCase);

    private static string Normalized(string declaration) =>
        BeforePunctuation().Replace(WhiteSpace().Replace(declaration.Trim(), " "), "$1");

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(?: ?([()]) ?)| (?=,)", RegexOptions.CultureInvariant)]
    private static partial Regex BeforePunctuation();
}
