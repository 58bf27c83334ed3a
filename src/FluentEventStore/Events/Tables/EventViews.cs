using System.Globalization;
using System.Text;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The SQL of the views that show the events of each type with typed columns, for people and reporting tools.</summary>
internal static class EventViews
{
    private const string Prefix = "event_";

    private static readonly string[] Metadata =
    [
        "e.position",
        "s.tenant",
        "s.id as stream_id",
        "e.version",
        "e.id as event_id",
        "e.type_version",
        "e.recorded_at",
        "e.correlation_id",
        "e.causation_id",
        "e.user_name",
        "e.headers", $"s.state = {StreamStates.Archived.ToString(CultureInfo.InvariantCulture)} as archived",
    ];

    /// <exception cref="InvalidOperationException">Two types would share a view, or a name is too long for one.</exception>
    public static IReadOnlyList<StoreView> Of(SqlIdentifier schema, SqlIdentifier views, IReadOnlyList<EventType> types)
    {
        foreach (var shared in types.GroupBy(static type => ViewOf(type.Name)).Where(static group => group.Count() > 1))
        {
            var names = string.Join(" and ", shared.Select(static type => $"'{type.Name}'"));
            throw new InvalidOperationException(
                $"The events {names} would share the view {shared.Key}. Create the views of a process that registers only one of them.");
        }

        return [.. types.Select(type => new StoreView(ViewOf(type.Name), Statement(schema, views, type)))];
    }

    private static SqlIdentifier ViewOf(string typeName)
    {
        var name = Prefix + string.Concat(typeName.Select(static c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_'));
        return name.Length <= SqlIdentifier.MaxBytes
            ? new SqlIdentifier(name)
            : throw new InvalidOperationException(
                $"The name of the event '{typeName}' is too long for a view: at most {SqlIdentifier.MaxBytes - Prefix.Length} characters.");
    }

    // Columns can only be added to the end of a view. One that has others, or another order, is dropped first, which fails if another view
    // rests on it.
    private static string Statement(SqlIdentifier schema, SqlIdentifier views, EventType type)
    {
        var view = $"{views}.{ViewOf(type.Name)}";
        var create = $"""
            create or replace view {view} as
            select {string.Join(", ", Metadata.Concat(ColumnsOf(type)))}
            from {schema}.{EventTables.Events} e
            join {schema}.{EventTables.Streams} s on s.key = e.stream
            where e.type in ({string.Join(", ", EventCatalog.AliasesOf(type.Name).Prepend(type.Name).Select(Literal))})
              and s.state <= {StreamStates.Archived}
              and s.truncated_before <= e.version
            """;
        var block = $"""
            begin
              execute {Literal(create)};
            exception
              when invalid_table_definition then
                drop view {view};
                execute {Literal(create)};
            end
            """;
        return $"do {Literal(block)};\n{StoreView.Mark(view, schema)};\n";
    }

    private static IEnumerable<string> ColumnsOf(EventType type)
    {
        HashSet<string> taken = [.. Metadata.Select(static column => column[(column.LastIndexOfAny(['.', ' ']) + 1)..])];
        foreach (var line in type.Columns.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (sqlType, property) = (line[..space], line[(space + 1)..]);
            var name = property.Length == 0 || taken.Contains(property) ? $"data_{property}" : property;
            if (Encoding.UTF8.GetByteCount(name) > SqlIdentifier.MaxBytes || !taken.Add(name))
                continue;

            // Under the same name, an older version may have a value of another type.
            var value = sqlType == "jsonb"
                ? $"e.data -> {Literal(property)}"
                : $"(e.data ->> {Literal(property)})::{new SqlIdentifier(sqlType).Name}";
            yield return string.Create(
                CultureInfo.InvariantCulture, $"case when e.type_version = {type.Version} then {value} end as \"{name.Replace(
                    "\"", "\"\"", StringComparison.Ordinal)}\"");
        }
    }

    // As a string in which backslashes are escapes, whatever the setting of the server.
    private static string Literal(string text) =>
        $"E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
