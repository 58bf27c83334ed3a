using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// The function in the database that moves many checkpoints on over events that concern nobody, each if it is where and whose its worker
/// takes it to be.
/// </summary>
internal static class MoveCheckpointsFunction
{
    public const string Name = "move_checkpoints";

    public const string Arguments =
        "p_subscriptions text[], p_versions integer[], p_tenants text[], p_firsts smallint[], p_lasts smallint[], p_owners uuid[], "
        + "p_epochs bigint[], p_servers timestamp with time zone[], p_starts bigint[], p_ends bigint[]";

    public const string Returns = "TABLE(place bigint, is_moved boolean, is_free boolean, epoch bigint, paused boolean)";

    /// <summary>
    /// One that is refused leaves the others alone. What somebody has locked is not waited for, since it would hold up all of them: a later
    /// flush moves it. So those who move the same rows cannot wait for each other in a ring either, in whatever order they come. Returns a
    /// row for each place in the arrays, with what the row of the range says if it was not moved.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_move record;
        begin
          for v_move in
            select u.*, null::bigint as p_event_position, null::uuid as p_event_id
            from unnest(
              p_subscriptions, p_versions, p_tenants, p_firsts, p_lasts, p_owners, p_epochs, p_servers, p_starts, p_ends)
              with ordinality as u (
                p_subscription, p_version, p_tenant, p_first, p_last, p_owner, p_epoch, p_server, p_from, p_to, p_place)
            order by u.p_subscription, u.p_version, u.p_tenant, u.p_first, u.p_place
          loop
            place := v_move.p_place;
            is_moved := false;
            epoch := null;
            paused := null;
            perform from {schema}.{SubscriptionTables.Checkpoints} c
            where c.subscription = v_move.p_subscription and c.version = v_move.p_version and c.tenant = v_move.p_tenant
              and c.first = v_move.p_first
            for update skip locked;
            is_free := found;
            if is_free then
              {MoveCheckpointFunction.Update(schema, "v_move.p_")}
              is_moved := found;
            end if;
            if not is_moved then
              select c.epoch, c.paused or c.held into epoch, paused
              from {schema}.{SubscriptionTables.Checkpoints} c
              where c.subscription = v_move.p_subscription and c.version = v_move.p_version and c.tenant = v_move.p_tenant
                and c.first = v_move.p_first;
            end if;
            return next;
          end loop;
        end
        """;
}
