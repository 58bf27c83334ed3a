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
    /// read from another one, which this one may have replaced without the end of its log, counts for nothing.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_row jsonb;
        begin
          {Update(schema, "p_")}
          if not found then
            select jsonb_build_object('last', c.last, 'owner', c.owner, 'epoch', c.epoch, 'position', c.position,
                                      'paused', c.paused or c.held, 'stop_at', c.stop_at)
            into v_row
            from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = p_subscription and c.version = p_version and c.tenant = p_tenant and c.first = p_first;
            perform {schema}.{RefuseFunction.Name}('{SqlStates.Fenced}', coalesce(v_row, jsonb_build_object()));
          end if;
        end
        """;

    /// <summary>
    /// The statement that moves a checkpoint, if everything is as it is said to be. The rate is one of positions a second, smoothed over
    /// the last pages.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="said">What stands before the names of what it is told.</param>
    public static string Update(SqlIdentifier schema, string said) => $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
          set position = {said}to,
              event_position = coalesce({said}event_position, c.event_position),
              event_id = coalesce({said}event_id, c.event_id),
              state = 0,
              failure = null,
              claims = 0,
              rate = coalesce(
                c.rate * 0.8 + 0.2 * ({said}to - c.position) / greatest(extract(epoch from clock_timestamp() - c.moved_at), 0.001), 0),
              moved_at = clock_timestamp()
          where c.subscription = {said}subscription
            and c.version = {said}version
            and c.tenant = {said}tenant
            and c.first = {said}first
            and c.last = {said}last
            and c.owner = {said}owner
            and c.epoch = {said}epoch
            and c.position = {said}from
            and not c.paused
            and not c.held
            and pg_postmaster_start_time() = {said}server
            and (c.stop_at is null or {said}to <= c.stop_at);
        """;
}
