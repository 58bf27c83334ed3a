using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>What guards recorded events, and what changes streams as a whole.</summary>
internal static class LifeCycleSchema
{
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        AuditTable(schema),
        new FunctionSchema(schema, GuardSchema.Function, "", "trigger", GuardFunction.Body),
        new GuardSchema(schema, new(EventTables.Events)),
        new GuardSchema(schema, new(LinksSchema.Links)),

        // The columns that an append changes stay free.
        new GuardSchema(schema, new(EventTables.Streams), "key", "tenant", "id", "state", "truncated_before"),
        new FunctionSchema(schema, ChangeStreamsFunction.Name, ChangeStreamsFunction.Arguments, "void", ChangeStreamsFunction.Body(schema)),
        new FunctionSchema(schema, DropUnbornFunction.Name, DropUnbornFunction.Arguments, "void", DropUnbornFunction.Body(schema)),
        new FunctionSchema(schema, ScrubStreamFunction.Name, ScrubStreamFunction.Arguments, "bigint", ScrubStreamFunction.Body(schema)),
        new FunctionSchema(schema, CompactStreamFunction.Name, CompactStreamFunction.Arguments, "void", CompactStreamFunction.Body(schema)),
    ];

    private static StoreTable AuditTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(EventTables.Audit));
        table.AddIdentity("key").AsPrimaryKey();
        table.AddColumn("at", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        table.AddText("role").NotNull().DefaultValueByExpression("CURRENT_USER");
        table.AddText("verb").NotNull();
        table.AddText("tenant").NotNull();
        table.AddText("stream");
        table.AddColumn("detail", "jsonb");
        return table;
    }
}
