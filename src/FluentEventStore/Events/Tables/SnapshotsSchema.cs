using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>The table of snapshots, and the function that removes those of a past that changed.</summary>
internal static class SnapshotsSchema
{
    public const string Snapshots = "snapshots";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        Table(schema),
        new FunctionSchema(
            schema, ForgetSnapshotsFunction.Name, ForgetSnapshotsFunction.Arguments, "void", ForgetSnapshotsFunction.Body(schema)),
    ];

    /// <summary>A statement for functions that change what streams fold to: it voids the snapshots that were folded before.</summary>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="keys">The streams, as an array.</param>
    public static string Forget(SqlIdentifier schema, string keys) => $"perform {schema}.{ForgetSnapshotsFunction.Name}({keys});";

    private static StoreTable Table(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Snapshots));
        table.AddColumn("stream", "bigint").AsPrimaryKey();
        table.AddText("aggregate").AsPrimaryKey();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("rewritten", "integer").NotNull();
        table.AddText("shape").NotNull();
        table.AddColumn("data", "jsonb").NotNull();
        return table;
    }
}
