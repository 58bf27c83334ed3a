using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Subscriptions;

/// <summary>What the database holds for subscriptions.</summary>
internal static class SubscriptionsSchema
{
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        NodesTable(schema),
        SubscriptionsTable(schema),
        CheckpointsTable(schema),
        ParkedTable(schema),
        new SequenceSchema(schema, new(SubscriptionTables.Epochs), long.MaxValue),
        new FunctionSchema(
            schema,
            BeginSubscriptionFunction.Name,
            BeginSubscriptionFunction.Arguments,
            BeginSubscriptionFunction.Returns,
            BeginSubscriptionFunction.Body(schema)),
        new FunctionSchema(
            schema,
            SplitSubscriptionFunction.Name,
            SplitSubscriptionFunction.Arguments,
            "integer",
            SplitSubscriptionFunction.Body(schema)),
        new FunctionSchema(
            schema,
            MergeSubscriptionFunction.Name,
            MergeSubscriptionFunction.Arguments,
            "integer",
            MergeSubscriptionFunction.Body(schema)),
        new FunctionSchema(
            schema,
            SetTenantApartFunction.Name,
            SetTenantApartFunction.Arguments,
            "boolean",
            SetTenantApartFunction.Body(schema)),
        new FunctionSchema(
            schema, RejoinTenantFunction.Name, RejoinTenantFunction.Arguments, "boolean", RejoinTenantFunction.Body(schema)),
        new FunctionSchema(schema, ShareRangeFunction.Name, ShareRangeFunction.Arguments, "boolean", ShareRangeFunction.Body(schema)),
        new FunctionSchema(schema, MoveParkedFunction.Name, MoveParkedFunction.Arguments, "void", MoveParkedFunction.Body(schema)),
        new FunctionSchema(
            schema, MoveCheckpointFunction.Name, MoveCheckpointFunction.Arguments, "void", MoveCheckpointFunction.Body(schema)),
        new FunctionSchema(
            schema,
            MoveCheckpointsFunction.Name,
            MoveCheckpointsFunction.Arguments,
            MoveCheckpointsFunction.Returns,
            MoveCheckpointsFunction.Body(schema)),
        new FunctionSchema(schema, TimelineFunction.Name, "", "text", TimelineFunction.Body),
    ];

    private static StoreTable NodesTable(SqlIdentifier schema)
    {
        // Each node updates its row several times a second. With room on the page, that leaves the index alone.
        var table = new StoreTable(schema, new(SubscriptionTables.Nodes));
        table.WithFillFactor(50);
        table.AddColumn("node", "uuid").AsPrimaryKey();
        table.AddColumn("beat", "timestamp with time zone").NotNull();
        table.AddText("name").NotNull();
        table.AddColumn("knows", "text[]").NotNull();
        return table;
    }

    private static StoreTable SubscriptionsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(SubscriptionTables.Subscriptions));
        table.AddText("name").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        table.AddText("fingerprint").NotNull();
        table.AddText("partition").NotNull();
        table.AddColumn("floor", "bigint").NotNull();
        table.AddColumn("created_at", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        return table;
    }

    private static StoreTable CheckpointsTable(SqlIdentifier schema)
    {
        // One update for each page of events: the same.
        var table = new StoreTable(schema, new(SubscriptionTables.Checkpoints));
        table.WithFillFactor(50);
        table.AddText("subscription").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        table.AddText("tenant").AsPrimaryKey().DefaultValueByExpression("''");
        table.AddColumn("first", "smallint").AsPrimaryKey();
        table.AddColumn("last", "smallint").NotNull();
        table.AddColumn("state", "smallint").NotNull().DefaultValue(0);
        table.AddColumn("position", "bigint").NotNull();
        table.AddColumn("epoch", "bigint").NotNull();
        table.AddColumn("owner", "uuid");
        table.AddColumn("paused", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("held", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("stop_at", "bigint");
        table.AddColumn("replayed_to", "bigint").NotNull().DefaultValue(0);
        table.AddColumn("event_position", "bigint");
        table.AddColumn("event_id", "uuid");
        table.AddColumn("claims", "integer").NotNull().DefaultValue(0);
        table.AddColumn("format", "smallint").NotNull();
        table.AddText("timeline");
        table.AddColumn("moved_at", "timestamp with time zone");
        table.AddColumn("rate", "double precision").NotNull().DefaultValueByExpression("0");
        table.AddColumn("failure", "jsonb");
        return table;
    }

    private static StoreTable ParkedTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(SubscriptionTables.Parked));
        table.AddText("subscription").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("key").AsPrimaryKey();
        table.AddColumn("slice", "smallint").NotNull();
        table.AddColumn("apart", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("position", "bigint").NotNull();
        table.AddColumn("since", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("failure", "jsonb").NotNull();
        table.AddColumn("wish", "bigint");
        table.AddColumn("drops", "bigint").NotNull().DefaultValue(0);
        table.AddText("reason");
        table.AddColumn("due", "timestamp with time zone");
        return table;
    }
}
