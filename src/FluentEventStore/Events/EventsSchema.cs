using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>The tables of streams and events, and the sequence of positions.</summary>
internal static class EventsSchema
{
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        StreamsTable(schema),
        EventsTable(schema),
        .. SnapshotsSchema.Objects(schema),
        new SequenceSchema(schema, new(EventTables.Positions), EventTables.MaxPosition),
        new FunctionSchema(schema, RefuseFunction.Name, RefuseFunction.Arguments, "void", RefuseFunction.Body),
        new FunctionSchema(schema, AppendFunction.Name, AppendFunction.Arguments, "bigint[]", AppendFunction.Body(schema)),
        new FunctionSchema(schema, AppendFunction.OneName, AppendFunction.OneArguments, "bigint[]", AppendFunction.OneBody(schema)),
        new FunctionSchema(
            schema, AppendFunction.CausedName, AppendFunction.CausedArguments, "bigint[]", AppendFunction.CausedBody(schema)),
        new FunctionSchema(schema, LockStreamsFunction.Name, LockStreamsFunction.Arguments, "void", LockStreamsFunction.Body(schema)),
        new FunctionSchema(
            schema, LockedStreamsFunction.Name, LockedStreamsFunction.Arguments, "integer[]", LockedStreamsFunction.Body(schema)),
        new FunctionSchema(
            schema, JudgeUnitsFunction.Name, JudgeUnitsFunction.Arguments, JudgeUnitsFunction.Returns, JudgeUnitsFunction.Body(schema)),
        new FunctionSchema(
            schema,
            CombinedAppendFunction.Name,
            CombinedAppendFunction.Arguments,
            CombinedAppendFunction.Returns,
            CombinedAppendFunction.Body(schema)),
        new FunctionSchema(schema, ImportFunction.Name, ImportFunction.Arguments, "bigint[]", ImportFunction.Body(schema)),
        new FunctionSchema(
            schema, StreamVersionFunction.Name, StreamVersionFunction.Arguments, "bigint", StreamVersionFunction.Body(schema))
        {
            Volatility = "stable",
        },
        new FunctionSchema(
            schema,
            StreamVersionFunction.NameOfLinks,
            StreamVersionFunction.Arguments,
            "bigint",
            StreamVersionFunction.BodyOfLinks(schema))
        {
            Volatility = "stable",
        },
        .. UnitsSchema.Objects(schema),
        .. LinksSchema.Objects(schema),
        .. TagsSchema.Objects(schema),
        .. ReservationsSchema.Objects(schema),
        .. LifeCycleSchema.Objects(schema),
        new FunctionSchema(schema, MaskEventsFunction.Name, MaskEventsFunction.Arguments, "bigint", MaskEventsFunction.Body(schema)),
        .. SubjectKeysSchema.Objects(schema),
        .. SettledSchema.Objects(schema),
    ];

    private static StoreTable StreamsTable(SqlIdentifier schema)
    {
        // Every append updates a row. With room on the page, that leaves the indexes alone.
        var table = new StoreTable(schema, new(EventTables.Streams));
        table.WithFillFactor(70);
        table.AddIdentity("key").AsPrimaryKey();
        table.AddText("tenant").NotNull();
        table.AddText("id").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddText("aggregate_type");
        table.AddColumn("created_at", "timestamp with time zone").NotNull();
        table.AddColumn("appended_at", "timestamp with time zone").NotNull();
        table.AddColumn("state", "smallint").NotNull().DefaultValue(0);
        table.AddColumn("truncated_before", "bigint").NotNull().DefaultValue(1);
        table.AddColumn("linked", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("rewritten", "integer").NotNull().DefaultValue(0);
        table.AddUnique("tenant", "id");
        return table;
    }

    private static StoreTable EventsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(EventTables.Events));
        table.AddColumn("position", "bigint").AsPrimaryKey();
        table.AddColumn("stream", "bigint").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("id", "uuid").NotNull();
        table.AddText("type").NotNull();
        table.AddColumn("type_version", "integer").NotNull();
        table.AddColumn("recorded_at", "timestamp with time zone").NotNull();
        table.AddColumn("data", "jsonb").NotNull();
        table.AddText("correlation_id");
        table.AddText("causation_id");
        table.AddText("user_name");
        table.AddColumn("headers", "jsonb");
        table.AddUnique("stream", "version");
        table.AddUnique("id");

        // The state of a stream stands in its own row.
        table.Retire("archived");
        return table;
    }
}
