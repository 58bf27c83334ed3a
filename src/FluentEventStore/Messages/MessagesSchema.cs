using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Messages;

/// <summary>What the database holds for messages.</summary>
internal static class MessagesSchema
{
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        MessagesTable(schema),
        ScheduledTable(schema),
        LanesTable(schema),
        new SequenceSchema(schema, new(MessageTables.Tokens), long.MaxValue),
        new FunctionSchema(
            schema, ScheduleMessagesFunction.Name, ScheduleMessagesFunction.Arguments, "void", ScheduleMessagesFunction.Body(schema)),
        new FunctionSchema(
            schema, ClaimMessagesFunction.Name, ClaimMessagesFunction.Arguments, ClaimMessagesFunction.Returns,
            ClaimMessagesFunction.Body(schema)),
    ];

    private static StoreTable MessagesTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(MessageTables.Messages));
        table.AddIdentity("number").AsPrimaryKey();
        AddMessage(table, isKeyedById: false);
        table.AddUnique("id");
        table.AddUnique("lane", "tenant", "number");
        return table;
    }

    private static StoreTable ScheduledTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(MessageTables.Scheduled));
        AddMessage(table, isKeyedById: true);
        table.AddText("name");
        table.AddColumn("due_at", "timestamp with time zone").NotNull();
        table.AddUnique("tenant", "name");
        table.AddFullIndex("due_at");
        return table;
    }

    private static void AddMessage(StoreTable table, bool isKeyedById)
    {
        var id = table.AddColumn("id", "uuid");
        _ = isKeyedById ? id.AsPrimaryKey() : id.NotNull();
        table.AddText("tenant").NotNull();
        table.AddText("lane").NotNull();
        table.AddText("key");
        table.AddText("type").NotNull();
        table.AddColumn("data", "jsonb").NotNull();
        table.AddText("correlation_id");
        table.AddText("causation_id");
        table.AddText("user_name");
        table.AddColumn("headers", "jsonb");
        table.AddText("trace");
        table.AddColumn("published_at", "timestamp with time zone").NotNull();
    }

    private static StoreTable LanesTable(SqlIdentifier schema)
    {
        // A lane that is being sent is renewed again and again: with room on the page, that leaves the index alone.
        var table = new StoreTable(schema, new(MessageTables.Lanes));
        table.WithFillFactor(70);
        table.AddText("lane").AsPrimaryKey();
        table.AddText("tenant").AsPrimaryKey();
        table.AddColumn("owner", "uuid");
        table.AddColumn("token", "bigint").NotNull();
        table.AddColumn("leased_until", "timestamp with time zone");
        table.AddColumn("message", "uuid");
        table.AddColumn("attempts", "integer").NotNull().DefaultValue(0);
        table.AddColumn("failing_since", "timestamp with time zone");
        table.AddColumn("retry_at", "timestamp with time zone");
        table.AddText("error");
        table.AddColumn("alarmed", "boolean").NotNull().DefaultValueByExpression("false");
        return table;
    }
}
