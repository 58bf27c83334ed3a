using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that removes the events of a stream that truncation or retention has hidden.</summary>
internal static class ScrubStreamFunction
{
    public const string Name = "scrub_stream";

    public const string Arguments = "p_key bigint, p_keep_last bigint, p_before timestamp with time zone, p_limit integer";

    /// <summary>
    /// Moves the lowest version that is read up to what the rule keeps. Removes events below it, up to the limit, and returns how many. It
    /// is called again until it returns less than the limit; after an interruption it goes on. A link is as old as the unit that linked it.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_stream record;
          v_keep bigint;
          {RemoveEvents.Variables}
          v_links bigint;
        begin
          perform {Planning.ByKeys};

          select s.key, s.tenant, s.id, s.version, s.state, s.truncated_before
          into v_stream
          from {schema}.{EventTables.Streams} s
          where s.key = p_key
          for update;
          if not found then
            return 0;
          end if;

          -- Archived and deleted streams may be shown again and are kept as they were, but for events that were truncated before.
          v_keep := v_stream.truncated_before;
          if v_stream.state = {StreamStates.Active} then
            v_keep := greatest(v_keep, v_stream.version - p_keep_last + 1);
            if p_before is not null then
              v_keep := greatest(v_keep, coalesce(
                least(
                  (select e.version
                   from {schema}.{EventTables.Events} e
                   where e.stream = p_key and e.version >= v_keep and e.recorded_at >= p_before
                   order by e.version
                   limit 1),
                  (select l.version
                   from {schema}.{LinksSchema.Links} l
                   where l.stream = p_key and l.version >= v_keep and l.recorded_at >= p_before
                   order by l.version
                   limit 1)),
                v_stream.version + 1));
            end if;
          end if;

          {GuardFunction.Permit("'scrub'")}
          if v_keep > v_stream.truncated_before then
            update {schema}.{EventTables.Streams} set truncated_before = v_keep, rewritten = rewritten + 1 where key = p_key;
            {SnapshotsSchema.Forget(schema, "array[p_key]")}
          end if;

          delete from {schema}.{LinksSchema.Links} where stream = p_key and version < v_keep;
          get diagnostics v_links = row_count;
          {RemoveEvents.Statement(
              schema,
              "v_stream.tenant",
              $"position in (select e.position from {schema}.{EventTables.Events} e where e.stream = p_key and e.version < v_keep order "
                  + "by e.version limit p_limit)")}
          {GuardFunction.Forbid}

          if v_removed + v_links > 0 then
            insert into {schema}.{EventTables.Audit} (verb, tenant, stream, detail)
            values ('scrub', v_stream.tenant, v_stream.id,
                    jsonb_build_object('version', v_stream.version, 'before', v_keep, 'removed', v_removed, 'links', v_links));
          end if;

          return v_removed;
        end
        """;
}
