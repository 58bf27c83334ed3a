using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>The tables of values that only one stream of a tenant may hold, and the function that changes them.</summary>
internal static class ReservationsSchema
{
    public const string Reservations = "reservations";

    /// <summary>What deleted streams held: they get it back when they are undeleted.</summary>
    public const string Freed = "freed_reservations";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        ReservationsTable(schema),
        FreedTable(schema),
        new FunctionSchema(schema, ReserveFunction.Name, ReserveFunction.Arguments, "void", ReserveFunction.Body(schema)),
    ];

    /// <summary>The hash by which a value is found: values may be longer than what an index takes.</summary>
    public static string HashOf(string value) => $"pg_catalog.sha256(pg_catalog.convert_to({value}, 'UTF8'))";

    private static StoreTable ReservationsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Reservations));
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("name").AsPrimaryKey();
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddText("value").NotNull();
        table.AddText("owner").NotNull();
        table.AddFullIndex("tenant", "owner");
        return table;
    }

    private static StoreTable FreedTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Freed));
        table.AddText("tenant").AsPrimaryKey();
        table.AddText("owner").AsPrimaryKey();
        table.AddText("name").AsPrimaryKey();
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddText("value").NotNull();
        return table;
    }
}
