using System.Text.RegularExpressions;
using FluentEventStore.PostgresTests.Store;
using Npgsql;

namespace FluentEventStore.PostgresTests.Schema;

/// <summary>What somebody plants in a schema of the caller's search path is never called.</summary>
public sealed partial class PlantedFunctionTests(PostgresServer server)
{
    private static readonly string[] Concrete =
    [
        "text", "bigint", "integer", "smallint", "boolean", "uuid", "jsonb", "timestamptz", "name", "xid8", "regclass",
        "text[]", "bigint[]", "integer[]", "smallint[]", "boolean[]", "uuid[]", "jsonb[]", "timestamptz[]",
    ];

    private static readonly string[] Operators =
        ["=", "<>", "<", ">", "<=", ">=", "+", "-", "||", "&", "<<", ">>", "->", "->>", "@>", "<@", "&&", "?", "~", "~~", "*", "/", "%"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_planted_in_the_search_path_is_called_by_a_statement_or_a_function_of_the_store()
    {
        var schema = server.CreateSchemaName();
        await using (var owner = Workload.Store(server.ConnectionString, schema))
        {
            await owner.Schema.ApplyAsync(Cancelled);
            await Workload.RunAsync(owner);
        }

        var planted = await PlantAsync(schema);
        await using var store = Workload.Store($"{server.ConnectionString};Options=-c search_path={planted}", schema);

        await Workload.RunAsync(store);
        await store.Schema.AssertAsync(Cancelled);
        await store.Schema.RenewLockTagAsync(Cancelled);
    }

    [Fact]
    public async Task Functions_of_the_store_call_nothing_planted_even_where_the_path_of_the_caller_puts_it_before_those_of_the_server()
    {
        var schema = server.CreateSchemaName();
        await using var store = Workload.Store(server.ConnectionString, schema);
        await store.Schema.ApplyAsync(Cancelled);
        await Workload.RunAsync(store);
        var planted = await PlantAsync(schema);
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await RunAsync(connection, $"set search_path = {planted}, pg_catalog");

        // What is planted there works: the caller's own statement meets it.
        (await Should.ThrowAsync<PostgresException>(() => RunAsync(connection, "select cardinality(array[1::bigint])"))).MessageText
            .ShouldBe("planted");
        await RunAsync(connection, $"call {planted}.use()");
        await RunAsync(connection, $"select {schema}.settled_position()");

        (await Database.AskAsync(
            server.ConnectionString,
            $"select count(*) from pg_proc where pronamespace = '{schema}'::regnamespace and proconfig is distinct from "
                + "array['search_path=pg_catalog, pg_temp']"))
            .ShouldBe(0L);
    }

    /// <summary>
    /// Plants a function for each name that the store's functions and the library use. Plants operators too, for all types that may fit
    /// better than the server's own.
    /// </summary>
    private async Task<string> PlantAsync(string schema)
    {
        var planted = server.CreateSchemaName();
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await RunAsync(connection, $"create schema {planted}");

        var names = await NamesAsync(connection, schema);
        names.ShouldContain("nextval");
        names.ShouldContain("unnest");
        foreach (var name in names)
        {
            string[] arguments = [
                "",
                .. Concrete,
                .. Concrete.Select(static type => $"{type}, {type}"),
                "text, text, boolean",
                "text, boolean",
                "bigint, int[]"
            ];
            await RunAsync(connection, string.Concat(arguments.Select(list =>
                $"""create function {planted}."{name}"({list}) returns {(name is "unnest" or "generate_series" ? "setof " : "")}{Returned(
                    name, list)} language plpgsql as 'begin raise exception $m$planted$m$; end';""")));
        }

        foreach (var @operator in Operators)
        {
            IEnumerable<(string Left, string Right)> pairs =
            [
                .. Concrete.Select(static type => (type, type)),
                ("bigint", "bigint[]"), ("bigint[]", "bigint"), ("text", "text[]"), ("integer[]", "integer"), ("jsonb", "text"), (
                    "bigint", "integer"), ("integer", "bigint"), ("smallint", "integer"), ("integer", "smallint"), ("bigint", "smallint"), (
                        "text", "name"), ("name", "text"),
            ];
            var number = Array.IndexOf(Operators, @operator);
            await RunAsync(connection, string.Concat(pairs.Select(pair => $"""
                create function {planted}.op_{number}({pair.Left}, {pair.Right}) returns boolean language plpgsql as
                  'begin raise exception $m$planted$m$; end';
                create operator {planted}.{@operator} (leftarg = {pair.Left}, rightarg = {pair.Right}, function = {planted}.op_{number});
                """)));
        }

        // Made while nothing is planted, so that its own calls mean the server's functions; run when everything is.
        await RunAsync(connection, $"""
            do $do$ begin execute $use$
            create procedure {planted}.use() language sql
            begin atomic
              select {schema}.append(
                'default', array['planted'], array[null]::text[], array[-2]::bigint[], array[1], now(), null, null, null,
                array[1], array[1], array[gen_random_uuid()], array['note-taken'], array[1],
                array[jsonb_build_object('text', 'a')], array[null]::jsonb[]);
            end
            $use$; end $do$
            """);
        return planted;
    }

    private static string Returned(string name, string arguments) => name switch
    {
        "unnest" or "generate_series" =>
            arguments.Length == 0 ? "bigint" : arguments.Split(',')[0].Replace("[]", "", StringComparison.Ordinal),
        _ => arguments.Length == 0 ? "bigint" : arguments.Split(',')[0],
    };

    /// <summary>
    /// The names of functions of the server in the bodies of the store's functions, and those that the library's statements use.
    /// </summary>
    private static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, string schema)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select distinct p.proname::text
            from pg_proc p
            where p.pronamespace = 'pg_catalog'::regnamespace
              and p.proname = any ($1)
            """,
            connection);
        await using var bodies = new NpgsqlCommand(
            $"select string_agg(prosrc, E'\\n') from pg_proc where pronamespace = '{schema}'::regnamespace", connection);
        var text = (string)(await bodies.ExecuteScalarAsync(Cancelled))!;
        string[] ofTheLibrary =
            [
                "unnest",
                "count",
                "max",
                "starts_with",
                "array_agg",
                "array_fill",
                "cardinality",
                "concat",
                "set_config",
                "jsonb_array_elements",
                "jsonb_array_elements_text",
                "jsonb_array_length",
                "jsonb_build_object",
                "pg_advisory_xact_lock",
                "string_agg",
                "format",
                "current_setting",
                "random",
                "clock_timestamp"
            ];
        command.Parameters.Add(
            new NpgsqlParameter<string[]> { TypedValue = [.. Call().Matches(text)
                .Select(static call => call.Groups[1].Value)
                .Concat(ofTheLibrary)] });
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(Cancelled);
        while (await rows.ReadAsync(Cancelled))
            names.Add(rows.GetString(0));

        return names;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    [GeneratedRegex(@"\b([a-z_][a-z0-9_]*)\(")]
    private static partial Regex Call();
}
