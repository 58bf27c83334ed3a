using FluentEventStore.Postgres;

namespace FluentEventStore.Messages;

/// <summary>The function in the database that says what names stand for: another message, or none.</summary>
internal static class ScheduleMessagesFunction
{
    public const string Name = "schedule_messages";

    public const string Arguments =
        "p_tenant text, p_names text[], p_ids uuid[], p_lanes text[], p_keys text[], p_types text[], p_data jsonb[], "
        + "p_correlations text[], p_causations text[], p_users text[], p_headers jsonb[], p_traces text[], "
        + "p_published_at timestamp with time zone, p_due timestamp with time zone[]";

    /// <summary>
    /// One name after the other, in their order: units that concern the same names wait for each other instead of deadlocking.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v record;
        begin
          for v in
            select *
            from unnest(p_names, p_ids, p_lanes, p_keys, p_types, p_data, p_correlations, p_causations, p_users, p_headers, p_traces, p_due)
              as u (name, id, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, due_at)
            order by u.name collate "C"
          loop
            if v.type is null then
              delete from {schema}.{MessageTables.Scheduled} s where s.tenant = p_tenant and s.name = v.name;
            else
              insert into {schema}.{MessageTables.Scheduled} as s
                (id, tenant, lane, key, type, data, correlation_id, causation_id, user_name, headers, trace, published_at, name, due_at)
              values (v.id, p_tenant, v.lane, v.key, v.type, v.data, v.correlation_id, v.causation_id, v.user_name, v.headers, v.trace,
                      p_published_at, v.name, v.due_at)
              on conflict (tenant, name) do update
              set id = excluded.id, lane = excluded.lane, key = excluded.key, type = excluded.type, data = excluded.data,
                  correlation_id = excluded.correlation_id, causation_id = excluded.causation_id, user_name = excluded.user_name,
                  headers = excluded.headers, trace = excluded.trace, published_at = excluded.published_at, due_at = excluded.due_at;
            end if;
          end loop;
        end
        """;
}
