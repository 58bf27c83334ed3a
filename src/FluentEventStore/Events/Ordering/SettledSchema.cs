using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>What the database holds for the readers of the log.</summary>
internal static class SettledSchema
{
    public const string Settled = "settled";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        Table(schema),
        new FunctionSchema(
            schema, SettledPosition.AwaitFunction, SettledPosition.AwaitArguments, "boolean", SettledPosition.AwaitBody(schema)),
        new FunctionSchema(
            schema,
            SettledPosition.SettleFunction,
            SettledPosition.SettleArguments,
            SettledPosition.SettleReturns,
            SettledPosition.SettleBody(schema)),
        new FunctionSchema(schema, SettledPosition.Function, "", "bigint", SettledPosition.Body(schema)),
    ];

    // A table of its own, because each append reads the store's row: while a long snapshot keeps dead versions of this row, only a standby
    // reads past them.
    private static StoreTable Table(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Settled));
        table.AddColumn("one_row", "boolean").AsPrimaryKey().DefaultValueByExpression("true");
        table.AddColumn("position", "bigint").NotNull();
        table.AddCheck("one_row", "one_row");
        return table;
    }
}
