using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The function in the database that tags the events that an import has just written.</summary>
internal static class TagImportedFunction
{
    public const string Name = "tag_imported";

    public const string Arguments = "p_tenant text, p_ids uuid[], p_tags text[]";

    /// <summary>
    /// Tags the events that are still in the staging table. Those that were in the store already were taken from it: their tags may have
    /// been masked or compacted away since. Heads that were locked for those are removed if no event has the tag and the role may;
    /// otherwise the next scrub does it. The caller has locked the heads.
    /// </summary>
    public static string Body(SqlIdentifier schema) => $"""
        declare
          v_skipped text[];
        begin
          insert into {schema}.{EventTables.EventTags} (tenant, tag, position)
          select p_tenant, u.tag, e.position
          from unnest(p_ids, p_tags) as u (id, tag)
          cross join lateral (
            select e.position from {schema}.{EventTables.Events} e where e.id = u.id limit 1
          ) as e
          where exists (select from pg_temp.fes_import i where i.id = u.id and i.type is not null);

          v_skipped := array(
            select distinct u.tag
            from unnest(p_ids, p_tags) as u (id, tag)
            where not exists (select from pg_temp.fes_import i where i.id = u.id and i.type is not null)
              and not exists (select from {schema}.{EventTables.EventTags} t where t.tenant = p_tenant and t.tag = u.tag));
          if cardinality(v_skipped) > 0 and has_table_privilege('{schema}.{TagsSchema.TagHeads}', 'delete') then
            perform {schema}.{TagFunctions.Forget}(p_tenant, v_skipped);
          end if;
        end
        """;
}
