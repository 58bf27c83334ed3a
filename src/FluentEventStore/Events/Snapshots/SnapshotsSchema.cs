using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The table of the states that streams were folded to.</summary>
internal static class SnapshotsSchema
{
    /// <summary>A statement for a function that changes what a stream folds to: nothing that was folded before counts any more.</summary>
    public static string Forget(SqlIdentifier schema, string key) => $"delete from {schema}.snapshots where stream = {key};";

    public static StoreTable Table(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new SqlIdentifier("snapshots"));
        table.AddColumn("stream", "bigint").AsPrimaryKey();
        table.AddText("aggregate").AsPrimaryKey();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("rewritten", "integer").NotNull();
        table.AddText("shape").NotNull();
        table.AddColumn("data", "jsonb").NotNull();
        return table;
    }
}
