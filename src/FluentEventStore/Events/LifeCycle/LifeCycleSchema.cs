using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>What guards recorded events, and what changes streams as a whole.</summary>
internal static class LifeCycleSchema
{
    private static readonly SqlIdentifier Audit = new("audit");

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        AuditTable(schema),
        new FunctionSchema(schema, GuardSchema.Function, "", "trigger", GuardFunction.Body),
        new GuardSchema(schema, EventsSchema.Events),
        new GuardSchema(schema, LinksSchema.Links),

        // What an append moves stays free.
        new GuardSchema(schema, EventsSchema.Streams, "key", "tenant", "id", "state", "truncated_before"),
        new FunctionSchema(schema, "change_streams", ChangeStreamsFunction.Arguments, "void", ChangeStreamsFunction.Body(schema)),
        new FunctionSchema(schema, "drop_unborn", DropUnbornFunction.Arguments, "void", DropUnbornFunction.Body(schema)),
        new FunctionSchema(schema, "scrub_stream", ScrubStreamFunction.Arguments, "bigint", ScrubStreamFunction.Body(schema)),
        new FunctionSchema(schema, "compact_stream", CompactStreamFunction.Arguments, "void", CompactStreamFunction.Body(schema)),
        new FunctionSchema(schema, MaskEventsFunction.Name, MaskEventsFunction.Arguments, "bigint", MaskEventsFunction.Body(schema)),
    ];

    private static StoreTable AuditTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, Audit);
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
