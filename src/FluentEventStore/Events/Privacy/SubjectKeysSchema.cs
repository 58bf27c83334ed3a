using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The table of the keys of personal data.</summary>
internal static class SubjectKeysSchema
{
    public static StoreTable Table(SqlIdentifier schema)
    {
        // Without a key, but not without a row: a subject that was forgotten is never given a key again.
        var table = new StoreTable(schema, new SqlIdentifier("subject_keys"));
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("subject").AsPrimaryKey();
        table.AddColumn("key", "bytea");
        table.AddColumn("created_at", "timestamp with time zone").NotNull();
        table.AddColumn("forgotten_at", "timestamp with time zone");
        table.AddCheck("forgotten", "(key is null) = (forgotten_at is not null)");
        return table;
    }
}
