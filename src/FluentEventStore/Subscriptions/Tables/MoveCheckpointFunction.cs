using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Subscriptions;

/// <summary>The function in the database that moves a checkpoint on, if it is where and whose the worker takes it to be.</summary>
internal static class MoveCheckpointFunction
{
    public const string Name = "move_checkpoint";

    public const string Arguments =
        "p_subscription text, p_version integer, p_tenant text, p_first smallint, p_last smallint, p_owner uuid, p_epoch bigint, "
        + "p_server timestamp with time zone, p_from bigint, p_to bigint, p_event_position bigint, p_event_id uuid";

    /// <summary>
    /// Everything that says whose the range is takes part in the comparison. It stands first in the batch of a page: a worker that has lost
    /// the range is refused before it waits for anything, and nobody waits for this row while holding positions. So is the server: what was
    /// read from another one, which this one may have replaced without the end of its log, counts for nothing. The rate is one of positions
    /// a second, smoothed over the last pages.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_row jsonb;
        begin
          update {schema}.{SubscriptionTables.Checkpoints} c
          set position = p_to,
              event_position = coalesce(p_event_position, c.event_position),
              event_id = coalesce(p_event_id, c.event_id),
              state = 0,
              failure = null,
              claims = 0,
              rate = coalesce(
                c.rate * 0.8 + 0.2 * (p_to - c.position) / greatest(extract(epoch from clock_timestamp() - c.moved_at), 0.001), 0),
              moved_at = clock_timestamp()
          where c.subscription = p_subscription
            and c.version = p_version
            and c.tenant = p_tenant
            and c.first = p_first
            and c.last = p_last
            and c.owner = p_owner
            and c.epoch = p_epoch
            and c.position = p_from
            and not c.paused
            and not c.held
            and pg_postmaster_start_time() = p_server
            and (c.stop_at is null or p_to <= c.stop_at);
          if not found then
            select jsonb_build_object('last', c.last, 'owner', c.owner, 'epoch', c.epoch, 'position', c.position, 'paused', c.paused or c.held,
                                      'stop_at', c.stop_at)
            into v_row
            from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_subscription and c.version = p_version and c.tenant = p_tenant and c.first = p_first;
            perform {schema}.{RefuseFunction.Name}('{SqlStates.Fenced}', coalesce(v_row, jsonb_build_object()));
          end if;
        end
        """;
}
