using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>The table of links: rows of a stream that stand for events of other streams.</summary>
internal static class LinksSchema
{
    public const string Links = EventTables.Links;

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        LinksTable(schema),
        new FunctionSchema(schema, LinkEventsFunction.Name, LinkEventsFunction.Arguments, "void", LinkEventsFunction.Body(schema)),
    ];

    private static StoreTable LinksTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Links));
        table.AddColumn("stream", "bigint").AsPrimaryKey();
        table.AddColumn("version", "bigint").AsPrimaryKey();
        table.AddColumn("position", "bigint").NotNull();
        table.AddColumn("event_position", "bigint").NotNull();
        table.AddColumn("event_id", "uuid");
        table.AddColumn("recorded_at", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        table.AddUnique("stream", "event_position");
        table.AddFullIndex("position");
        return table;
    }
}
