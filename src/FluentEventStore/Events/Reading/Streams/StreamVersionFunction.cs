using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The functions in the database that find the version of a stream at a position of the log.</summary>
internal static class StreamVersionFunction
{
    public const string Name = "stream_version_at";

    /// <summary>The same for the links of a stream.</summary>
    public const string NameOfLinks = "link_version_at";

    public const string Arguments = "p_stream bigint, p_position bigint";

    /// <summary>
    /// The version of the last event of a stream at or below a position, 0 if there is none. The versions of a stream ascend with its
    /// positions, so it is found by bisection, with one look at the index each time. Some versions may have no events.
    /// </summary>
    public static string Body(SqlIdentifier schema) => Body(schema, EventTables.Events);

    /// <summary>The version of the last link of a stream whose own position is at or below a position, 0 if there is none.</summary>
    public static string BodyOfLinks(SqlIdentifier schema) => Body(schema, LinksSchema.Links);

    private static string Body(SqlIdentifier schema, string table) => $"""
        declare
          v_lowest bigint := 0;
          v_highest bigint;
          v_middle bigint;
          v_found record;
        begin
          select e.version, e.position
          into v_found
          from {schema}.{table} e
          where e.stream = p_stream
          order by e.version desc
          limit 1;
          if not found or v_found.position <= p_position then
            return coalesce(v_found.version, 0);
          end if;

          v_highest := v_found.version - 1;
          while v_lowest < v_highest loop
            v_middle := (v_lowest + v_highest + 1) / 2;
            select e.version, e.position
            into v_found
            from {schema}.{table} e
            where e.stream = p_stream
              and e.version >= v_middle
            order by e.version
            limit 1;
            if v_found.position <= p_position then
              v_lowest := v_found.version;
            else
              v_highest := v_middle - 1;
            end if;
          end loop;
          return v_lowest;
        end
        """;
}
