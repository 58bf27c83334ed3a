using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>
/// The keys of personal data. They have a schema of their own, so that a role that is granted all tables of the store does not get the
/// keys.
/// </summary>
internal static class SubjectKeysSchema
{
    /// <summary>What is added to the name of the store's schema.</summary>
    public const string Suffix = "_keys";

    private static readonly SqlIdentifier SubjectKeys = new("subject_keys");

    /// <summary>The schema of the keys of a store.</summary>
    public static SqlIdentifier SchemaOf(SqlIdentifier schema) => new(schema.Name + Suffix);

    /// <summary>The table as it stands in SQL.</summary>
    public static string TableOf(SqlIdentifier schema) => $"{SchemaOf(schema)}.{SubjectKeys}";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema)
    {
        var keys = SchemaOf(schema);
        return
        [
            new NamespaceSchema(keys),
            Table(keys),
            new FunctionSchema(keys, GuardSchema.Function, "", "trigger", GuardKeysFunction.Body(schema)),
            new FunctionSchema(schema, CheckKeysFunction.Name, CheckKeysFunction.Arguments, "void", CheckKeysFunction.Body(schema))
            {
                Volatility = "stable",
            },
            new GuardSchema(keys, SubjectKeys) { LeavesUpdates = true },
            new GuardSchema(keys, SubjectKeys) { LooksAtRows = true },
        ];
    }

    private static StoreTable Table(SqlIdentifier keys)
    {
        // A forgotten subject has a row without a key, so that it never gets one again.
        var table = new StoreTable(keys, SubjectKeys);
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("subject").AsPrimaryKey();
        table.AddColumn("key", "bytea");
        table.AddColumn("created_at", "timestamp with time zone").NotNull();
        table.AddColumn("forgotten_at", "timestamp with time zone");
        table.AddCheck("forgotten", "(key is null) = (forgotten_at is not null)");
        table.AddCheck("key", "octet_length(key) = 32");
        return table;
    }
}
