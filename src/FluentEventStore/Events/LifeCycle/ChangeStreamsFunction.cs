using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that changes streams as a whole.</summary>
internal static class ChangeStreamsFunction
{
    public const string Name = "change_streams";

    public const string Arguments = "p_tenant text, p_streams text[], p_verbs smallint[], p_versions bigint[]";

    /// <summary>
    /// Does to each stream, in turn, what its verb says. The caller has locked them. Removals and changes of recorded events are noted in
    /// <c>audit</c>.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_verbs text[] := array['unarchive', 'undelete', 'truncate', 'archive', 'delete', 'tombstone', 'hard-delete'];
          v_stream record;
          v_verb text;
          {RemoveEvents.Variables}
        begin
          perform {Planning.ByKeys};

          for v_ordinal in 1 .. cardinality(p_streams) loop
            select s.key, s.version, s.state, s.truncated_before
            into v_stream
            from {schema}.{EventTables.Streams} s
            where s.tenant = p_tenant and s.id = p_streams[v_ordinal];

            v_verb := v_verbs[p_verbs[v_ordinal]];
            {AppendSql.RefuseMissing(schema, "v_stream", "p_streams[v_ordinal]")}

            if v_stream.state = {StreamStates.Tombstoned}
                or (v_stream.state = {StreamStates.Deleted} and v_verb in ('unarchive', 'truncate', 'archive', 'delete'))
                or (v_stream.state = {StreamStates.Archived} and v_verb in ('archive', 'undelete')) then
              perform {schema}.{RefuseFunction.Name}('{SqlStates.StreamNotActive}', {AppendSql.RefusalData(
                  "p_streams[v_ordinal]", "v_stream.version", "v_stream.state")});
            end if;

            if v_verb = 'truncate' and p_versions[v_ordinal] > v_stream.version + 1 then
              perform {schema}.{RefuseFunction.Name}(
                '{SqlStates.TruncatedBeyondEnd}',
                jsonb_build_object(
                  'stream', p_streams[v_ordinal], 'before', p_versions[v_ordinal], 'actual', v_stream.version));
            end if;

            continue when v_stream.state = 0 and v_verb in ('unarchive', 'undelete');

            {GuardFunction.Permit("v_verb")}
            v_removed := 0;
            case
              when v_verb in ('archive', 'delete') then
                update {schema}.{EventTables.Streams} set state = p_verbs[v_ordinal] - 3 where key = v_stream.key;
              when v_verb in ('unarchive', 'undelete') then
                update {schema}.{EventTables.Streams} set state = 0 where key = v_stream.key;
              when v_verb = 'truncate' then
                update {schema}.{EventTables.Streams}
                set truncated_before = greatest(truncated_before, p_versions[v_ordinal]),
                    rewritten = rewritten + 1
                where key = v_stream.key;
              else
                delete from {schema}.{LinksSchema.Links} where stream = v_stream.key;
                {RemoveEvents.Statement(schema, "p_tenant", "stream = v_stream.key")}
                if v_verb = 'tombstone' then
                  update {schema}.{EventTables.Streams}
                  set state = {StreamStates.Tombstoned}, truncated_before = version + 1, rewritten = rewritten + 1
                  where key = v_stream.key;
                else
                  delete from {schema}.{EventTables.Streams} where key = v_stream.key;
                end if;
            end case;
            {GuardFunction.Forbid}
            {SnapshotsSchema.Forget(schema, "array[v_stream.key]")}

            insert into {schema}.{EventTables.Audit} (verb, tenant, stream, detail)
            values (v_verb, p_tenant, p_streams[v_ordinal],
                    jsonb_build_object('version', v_stream.version, 'before', nullif(p_versions[v_ordinal], 0), 'removed', v_removed));
          end loop;
        end
        """;
}
