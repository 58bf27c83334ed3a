using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>The functions in the database that guard decisions over tags, and that tag events.</summary>
internal static class TagFunctions
{
    public const string Enter = "enter_boundary";

    public const string Forget = "forget_tags";

    public const string Tag = "tag_events";

    public const string EnterArguments = "p_tenant text, p_tags text[], p_clauses jsonb, p_ids uuid[]";

    public const string ForgetArguments = "p_tenant text, p_tags text[]";

    public const string TagArguments = "p_tenant text, p_ids uuid[], p_tags text[]";

    /// <summary>
    /// Locks the heads of all tags that the unit writes or rests on, in their order. So events of one tag become visible in the order of
    /// their positions, and decisions over one tag are taken one after the other. Then it checks, each in a later statement, the event ids
    /// of the unit, and whether an event matches a clause beyond the position that was seen.
    /// </summary>
    public static string EnterBody(SqlIdentifier schema) => $"""
        declare
          v_clause record;
          v_position bigint;
        begin
          insert into {schema}.{TagsSchema.TagHeads} as h (tenant, tag, position)
          select p_tenant, u.tag, 0
          from unnest(p_tags) as u (tag)
          order by u.tag collate "C"
          on conflict (tenant, tag) do update
          set position = h.position;

          if {AppendSql.KnownIds(schema)} then
            perform {schema}.{RefuseFunction.Name}('{SqlStates.EventIdsKnown}', '{AppendSql.EmptyObject}');
          end if;

          for v_clause in
            select c.ordinal, (c.value->>'seen')::bigint as seen,
                   array(select jsonb_array_elements_text(c.value->'tags')) as tags,
                   array(select jsonb_array_elements_text(c.value->'types')) as types
            from jsonb_array_elements(p_clauses) with ordinality as c (value, ordinal)
          loop
            select t.position
            into v_position
            from {schema}.{EventTables.EventTags} t
            cross join lateral (
              select e.type from {schema}.{EventTables.Events} e where e.position = t.position limit 1
            ) as e
            where t.tenant = p_tenant
              and t.tag = v_clause.tags[1]
              and t.position > v_clause.seen
              and (cardinality(v_clause.types) = 0 or e.type = any (v_clause.types))
              and not exists (
                select
                from unnest(v_clause.tags[2:]) as other (tag)
                where not exists (
                  select
                  from {schema}.{EventTables.EventTags} o
                  where o.tenant = p_tenant and o.tag = other.tag and o.position = t.position))
            order by t.position
            limit 1;
            if found then
              perform {schema}.{RefuseFunction.Name}(
                '{SqlStates.BoundaryMoved}', jsonb_build_object('clause', v_clause.ordinal, 'position', v_position));
            end if;
          end loop;
        end
        """;

    /// <summary>Gives events, found by their ids, the tags that they do not have yet. The caller has locked the heads.</summary>
    public static string TagBody(SqlIdentifier schema) => $"""
        begin
          insert into {schema}.{EventTables.EventTags} (tenant, tag, position)
          select p_tenant, u.tag, e.position
          from unnest(p_ids, p_tags) as u (id, tag)
          cross join lateral (
            select e.position from {schema}.{EventTables.Events} e where e.id = u.id limit 1
          ) as e
          on conflict do nothing;
        end
        """;

    /// <summary>
    /// Removes the heads of tags that no event has any more. A head that somebody has locked stays until the next scrub: heads are locked
    /// before streams, so a transaction that has locked a stream must not wait for one. A later statement checks that no event has the tag:
    /// it sees what was committed before the head was locked.
    /// </summary>
    public static string ForgetBody(SqlIdentifier schema) => $"""
        declare
          v_free text[];
        begin
          if coalesce(cardinality(p_tags), 0) = 0 then
            return;
          end if;

          perform {Planning.ByKeys};
          v_free := array(
            select h.tag
            from {schema}.{TagsSchema.TagHeads} h
            where h.tenant = p_tenant and h.tag = any (p_tags)
            order by h.tag
            for update skip locked);

          delete from {schema}.{TagsSchema.TagHeads} h
          where h.tenant = p_tenant
            and h.tag = any (v_free)
            and not exists (select from {schema}.{EventTables.EventTags} t where t.tenant = h.tenant and t.tag = h.tag);
        end
        """;
}
