using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>The statement of functions that removes events for ever, and with them the tags by which they were found.</summary>
internal static class RemoveEvents
{
    /// <param name="schema">The schema of the store.</param>
    /// <param name="condition">Which events.</param>
    /// <param name="count">The variable that takes how many they were.</param>
    public static string Statement(SqlIdentifier schema, string condition, string count) => $"""
        with removed as (
            delete from {schema}.events
            where {condition}
            returning position
          ),
          untagged as (
            delete from {schema}.event_tags t
            using removed r
            where t.position = r.position
          )
          select count(*) into {count} from removed;
        """;
}
