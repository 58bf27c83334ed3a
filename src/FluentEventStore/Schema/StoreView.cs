using System.Text.RegularExpressions;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Schema;

/// <summary>A view that a store creates for people.</summary>
/// <param name="Name">Its name in the schema of the views.</param>
/// <param name="Sql">The statements that create it, or bring it up to date.</param>
internal sealed partial record StoreView(SqlIdentifier Name, string Sql)
{
    private const string CommentPrefix = "FluentEventStore, events of schema ";

    private const string Query = """
        select c.relname::text, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class')
        from pg_catalog.pg_class c
        where c.relnamespace = pg_catalog.to_regnamespace($1)
          and c.relname = any ($2)
        order by c.relname
        """;

    /// <summary>The statement that marks the view as the store's by a comment: a view without the comment is somebody else's.</summary>
    public static string Mark(string view, SqlIdentifier schema) => $"comment on view {view} is '{CommentPrefix}{schema.Name}'";

    /// <summary>Checks that each name is free or taken by a view of the same store.</summary>
    /// <exception cref="EventViewConflictException">A name is taken by something else.</exception>
    public static async Task CheckNamesAsync(
        NpgsqlConnection connection,
        SqlIdentifier schema,
        SqlIdentifier views,
        IReadOnlyList<StoreView> all,
        CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Query, connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = views.ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. all.Select(static view => view.Name.Name)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = rows.ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var kind = rows.GetString(1);
            var comment = rows.IsDBNull(2) ? "" : rows.GetString(2);
            if (kind != "v" || comment != CommentPrefix + schema.Name)
                throw new EventViewConflictException(schema.Name, $"{views.Name}.{rows.GetString(0)}", Describe(kind, comment));
        }
    }

    private static string Describe(string kind, string comment) => kind switch
    {
        "v" when Marked().Match(comment) is { Success: true } other => $"a view of the events in schema '{other.Groups[1].Value}'",
        "v" => "a view",
        "m" => "a materialized view",
        "S" => "a sequence",
        "i" or "I" => "an index",
        "c" => "a type",
        _ => "a table",
    };

    [GeneratedRegex($@"\A{CommentPrefix}([a-z_][a-z0-9_]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Marked();
}
