using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>The tables of streams and events, and the sequence of positions.</summary>
internal static class EventsSchema
{
    /// <summary>A writer's lock is keyed by the store's tag in the upper 16 bits and a position in the lower 48.</summary>
    public const long MaxPosition = (1L << 48) - 1;

    public static SqlIdentifier Streams { get; } = new("streams");

    public static SqlIdentifier Events { get; } = new("events");

    public static SqlIdentifier Positions { get; } = new("positions");

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        StreamsTable(schema),
        EventsTable(schema),
        .. SnapshotsSchema.Objects(schema),
        new SequenceSchema(schema, Positions, MaxPosition),
        new FunctionSchema(schema, "refuse", AppendSql.RefuseArguments, "void", AppendSql.RefuseBody),
        new FunctionSchema(schema, "append", AppendFunction.Arguments, "bigint[]", AppendFunction.Body(schema)),
        new FunctionSchema(schema, "lock_streams", LockStreamsFunction.Arguments, "void", LockStreamsFunction.Body(schema)),
        new FunctionSchema(schema, "locked_streams", LockedStreamsFunction.Arguments, "integer[]", LockedStreamsFunction.Body(schema)),
        new FunctionSchema(schema, "judge_units", JudgeUnitsFunction.Arguments, JudgeUnitsFunction.Returns, JudgeUnitsFunction.Body(schema)),
        new FunctionSchema(schema, "append_units", CombinedAppendFunction.Arguments, CombinedAppendFunction.Returns, CombinedAppendFunction.Body(schema)),
        new FunctionSchema(schema, "import_events", ImportFunction.Arguments, "bigint[]", ImportFunction.Body(schema)),
        new FunctionSchema(schema, "stream_version_at", StreamVersionFunction.Arguments, "bigint", StreamVersionFunction.Body(schema)) { Volatility = "stable" },
        .. UnitsSchema.Objects(schema),
        .. LinksSchema.Objects(schema),
        .. TagsSchema.Objects(schema),
        .. LifeCycleSchema.Objects(schema),
        .. SubjectKeysSchema.Objects(schema),
        .. SettledSchema.Objects(schema),
    ];

    private static StoreTable StreamsTable(SqlIdentifier schema)
    {
        // Every append updates a row; room on the page keeps that out of the indexes.
        var table = new StoreTable(schema, Streams);
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
        var table = new StoreTable(schema, Events);
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
        table.AddColumn("archived", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddUnique("stream", "version");
        table.AddUnique("id");
        return table;
    }
}
