using FluentEventStore.Postgres;
using Weasel.Core;

namespace FluentEventStore.Schema;

/// <summary>The table of the seeds that were written.</summary>
internal static class SeedsSchema
{
    public const string Seeds = "seeds";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Seeds));
        table.AddText("name").AsPrimaryKey();
        table.AddColumn("seeded_at", "timestamp with time zone").NotNull();
        return [table];
    }
}
