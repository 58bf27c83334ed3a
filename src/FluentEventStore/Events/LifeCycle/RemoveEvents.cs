using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The part of functions that removes events for ever, with their tags.</summary>
internal static class RemoveEvents
{
    /// <summary>Declares what <see cref="Statement"/> uses.</summary>
    public const string Variables = """
        v_removed bigint;
          v_untagged text[];
        """;

    /// <summary>Removes events and leaves their number in <c>v_removed</c>.</summary>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="tenant">The tenant of the events.</param>
    /// <param name="condition">Which events.</param>
    public static string Statement(SqlIdentifier schema, string tenant, string condition) => $"""
        with removed as (
            delete from {schema}.{EventTables.Events}
            where {condition}
            returning position
          ),
          untagged as (
            delete from {schema}.{EventTables.EventTags} t
            using removed r
            where t.position = r.position
            returning t.tag
          )
          select (select count(*) from removed), array(select distinct u.tag from untagged u)
          into v_removed, v_untagged;
          perform {schema}.{TagFunctions.Forget}({tenant}, v_untagged);
        """;
}
