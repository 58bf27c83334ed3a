using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Projections;

/// <summary>What the database holds for projections.</summary>
internal static class ProjectionsSchema
{
    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        Table(schema),
        new FunctionSchema(
            schema,
            BeginProjectionFunction.Name,
            BeginProjectionFunction.Arguments,
            BeginProjectionFunction.Returns,
            BeginProjectionFunction.Body(schema)),
        new FunctionSchema(
            schema, BeginRebuildFunction.Name, BeginRebuildFunction.Arguments, "smallint", BeginRebuildFunction.Body(schema)),
        new FunctionSchema(
            schema, SwitchProjectionFunction.Name, SwitchProjectionFunction.Arguments, "bigint", SwitchProjectionFunction.Body(schema)),
    ];

    private static StoreTable Table(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(ProjectionTables.Projections));
        table.AddText("name").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        table.AddColumn("slot", "smallint").NotNull();
        table.AddColumn("building", "smallint");
        table.AddColumn("ready", "boolean").NotNull();
        table.AddColumn("serves", "boolean").NotNull();
        table.AddColumn("by_command", "boolean").NotNull();
        table.AddColumn("of_streams", "boolean").NotNull();
        table.AddColumn("inline", "boolean").NotNull().DefaultValueByExpression("false");
        table.AddColumn("began_at", "timestamp with time zone").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("switched_at", "timestamp with time zone");
        return table;
    }
}
