using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The function in the database that replaces the first events of a stream by one.</summary>
internal static class CompactStreamFunction
{
    public const string Name = "compact_stream";

    public const string Arguments =
        "p_tenant text, p_stream text, p_version bigint, p_id uuid, p_type text, p_type_version integer, p_data jsonb, p_tags text[]";

    /// <summary>
    /// Gives the event the version and the position of the last event that it stands for, and removes those before. It has tags of its own.
    /// The caller has locked them and the stream. An earlier change of the unit may have removed the head of a tag with its last event: it
    /// is made again before anybody who waits for it goes on.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_stream record;
          v_replaced bigint;
          v_replaced_tags text[];
          {RemoveEvents.Variables}
        begin
          perform {Planning.ByKeys};

          select s.key, s.version, s.state, s.truncated_before
          into v_stream
          from {schema}.{EventTables.Streams} s
          where s.tenant = p_tenant and s.id = p_stream;
          {AppendSql.RefuseMissing(schema, "v_stream", "p_stream")}

          if v_stream.state <> 0 then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.StreamNotActive}', {AppendSql.RefusalData(
                "p_stream", "v_stream.version", "v_stream.state")});
          end if;

          {GuardFunction.Permit("'compact'")}
          update {schema}.{EventTables.Events}
          set id = p_id, type = p_type, type_version = p_type_version, data = p_data
          where stream = v_stream.key and version = p_version and version >= v_stream.truncated_before
          returning position into v_replaced;
          if not found then
            perform {schema}.{RefuseFunction.Name}(
              '{SqlStates.TruncatedBeyondEnd}',
              jsonb_build_object('stream', p_stream, 'before', p_version, 'actual', v_stream.version));
          end if;

          with untagged as (
            delete from {schema}.{EventTables.EventTags} where position = v_replaced returning tag
          )
          select array_agg(u.tag) into v_replaced_tags from untagged u;
          insert into {schema}.{EventTables.EventTags} (tenant, tag, position)
          select p_tenant, u.tag, v_replaced
          from unnest(p_tags) as u (tag);
          insert into {schema}.{TagsSchema.TagHeads} (tenant, tag, position)
          select p_tenant, u.tag, 0
          from unnest(p_tags) as u (tag)
          on conflict (tenant, tag) do nothing;
          perform {schema}.{TagFunctions.Forget}(p_tenant, v_replaced_tags);

          delete from {schema}.{LinksSchema.Links} where stream = v_stream.key and version < p_version;
          {RemoveEvents.Statement(schema, "p_tenant", "stream = v_stream.key and version < p_version")}
          update {schema}.{EventTables.Streams} set truncated_before = p_version, rewritten = rewritten + 1 where key = v_stream.key;
          {SnapshotsSchema.Forget(schema, "array[v_stream.key]")}
          {GuardFunction.Forbid}

          insert into {schema}.{EventTables.Audit} (verb, tenant, stream, detail)
          values (
            'compact', p_tenant, p_stream,
            jsonb_build_object('version', v_stream.version, 'before', p_version, 'removed', v_removed));
        end
        """;
}
