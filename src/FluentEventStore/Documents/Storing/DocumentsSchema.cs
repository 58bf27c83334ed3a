using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace FluentEventStore.Documents;

/// <summary>A table for each type of documents.</summary>
internal static class DocumentsSchema
{
    /// <param name="schema">The schema that holds them.</param>
    /// <param name="written">The types of documents that sessions write.</param>
    /// <param name="derived">Those that the store derives from events.</param>
    /// <exception cref="InvalidOperationException">Two types of documents would share a table.</exception>
    public static IReadOnlyList<ISchemaObject> Objects(
        SqlIdentifier schema, IReadOnlyCollection<DocumentType> written, IReadOnlyCollection<DerivedType> derived)
    {
        foreach (var shared in written.Concat(derived.Select(static one => one.Type))
            .GroupBy(static type => type.Table.Name)
            .Where(static group => group.Count() > 1))
        {
            var names = string.Join(" and ", shared.Select(static type => $"'{type.Name}'"));
            throw new InvalidOperationException($"The documents {names} would share the table {shared.Key}. Rename all but one.");
        }

        return
        [
            .. written.Select(type => Table(schema, type, type.Table)),
            .. derived.SelectMany(one => one.Tables.Select(name => Table(schema, one, name))),
            .. derived.OrderBy(static one => one.Type.Table.Name, StringComparer.Ordinal)
                .Select(one => new DerivedViewSchema(schema, one)),
        ];
    }

    private static StoreTable Table(SqlIdentifier schema, DerivedType derived, SqlIdentifier name)
    {
        var table = Table(schema, derived.Type, name);
        if (derived.IsOfStreams)
            AddSource(table);

        return table;
    }

    private static StoreTable Table(SqlIdentifier schema, DocumentType type, SqlIdentifier name)
    {
        var table = new StoreTable(schema, name);
        table.AddText("tenant").AsPrimaryKey();
        var id = type.IdType switch
        {
            var text when text == typeof(string) => table.AddText("id"),
            var guid when guid == typeof(Guid) => table.AddColumn("id", "uuid"),
            var number when number == typeof(int) => table.AddColumn("id", "integer"),
            var number when number == typeof(long) => table.AddColumn("id", "bigint"),
            var other => throw new InvalidOperationException(
                $"Documents '{type.Name}' have ids of type {other}; Guid, string, int and long are supported."),
        };
        id.AsPrimaryKey();
        table.AddColumn("data", "jsonb").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("created_at", "timestamp with time zone").NotNull();
        table.AddColumn("modified_at", "timestamp with time zone").NotNull();
        table.AddColumn("deleted_at", "timestamp with time zone");
        table.AddText("type");
        return table;
    }

    /// <summary>What a snapshot was folded from: which stream, which of its pasts, and whose personal data.</summary>
    private static void AddSource(StoreTable table)
    {
        table.AddColumn("stream", "bigint");
        table.AddColumn("rewritten", "integer");
        table.AddColumn("subjects", "jsonb");

        // Rows that become void are found by stream; rows with personal data of a forgotten subject are found by subject.
        table.AddIndex("stream");
        table.AddIndex("subjects", IndexMethod.gin);
    }
}
