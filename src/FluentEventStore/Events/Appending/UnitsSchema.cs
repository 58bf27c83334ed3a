using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using Weasel.Core;

namespace FluentEventStore.Events;

/// <summary>
/// The table of units that have no event ids to keep them from being written twice, and the functions that begin and close one.
/// </summary>
internal static class UnitsSchema
{
    public const string Units = "units";

    public const string BeginFunction = "begin_unit";

    public const string CloseFunction = "close_unit";

    private const string BeginArguments = "p_id uuid, p_saved_at timestamp with time zone";
    private const string CloseArguments = "p_id uuid, p_tenant text, p_streams text[], p_counts integer[]";

    public static IReadOnlyList<ISchemaObject> Objects(SqlIdentifier schema) =>
    [
        UnitsTable(schema),
        new FunctionSchema(schema, BeginFunction, BeginArguments, "void", BeginBody(schema)),
        new FunctionSchema(schema, CloseFunction, CloseArguments, "bigint[]", CloseBody(schema)),
    ];

    /// <summary>Claims the id of a unit. A second save of the same unit waits here until the first has ended.</summary>
    private static string BeginBody(SqlIdentifier schema) => $"""
        begin
          insert into {schema}.{Units} (id, saved_at) values (p_id, p_saved_at) on conflict (id) do nothing;
          if not found then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.UnitKnown}', '{AppendSql.EmptyObject}');
          end if;
        end
        """;

    /// <summary>
    /// Records what the unit did, and returns it as <c>append</c> does: the last position, then each stream's version before. A stream that
    /// the unit has erased counts as one without events.
    /// </summary>
    private static string CloseBody(SqlIdentifier schema) => $"""
        declare
          v_numbers bigint[];
        begin
          select case when 0 < any (p_counts) then currval('{schema}.{EventTables.Positions}') else 0 end
                 || coalesce(array_agg(coalesce(s.version, u.count) - u.count order by u.ordinal), array[]::bigint[])
          into v_numbers
          from unnest(p_streams, p_counts) with ordinality as u (id, count, ordinal)
          left join lateral (
            select s.version from {schema}.{EventTables.Streams} s where s.tenant = p_tenant and s.id = u.id limit 1
          ) as s on true;

          update {schema}.{Units} set numbers = v_numbers where id = p_id;
          return v_numbers;
        end
        """;

    private static StoreTable UnitsTable(SqlIdentifier schema)
    {
        var table = new StoreTable(schema, new(Units));
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("saved_at", "timestamp with time zone").NotNull();
        table.AddColumn("numbers", "bigint[]");
        return table;
    }
}
