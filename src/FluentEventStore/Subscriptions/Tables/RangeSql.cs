using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>What the functions that change ranges as a whole have in common.</summary>
internal static class RangeSql
{
    /// <summary>Locks the subscription, then its ranges in their order; returns null if there is none.</summary>
    public static string Lock(SqlIdentifier schema) => $"""
        perform from {schema}.{SubscriptionTables.Subscriptions} s where s.name = p_name order by s.version for update;
          if not found then
            return null;
          end if;
          perform from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = p_name
          order by c.version, c.first, c.tenant
          for update;
        """;

    /// <summary>Writes down that ranges were changed.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="verb">What was done, in SQL.</param>
    /// <param name="count">How many ranges there are, in SQL.</param>
    public static string Note(SqlIdentifier schema, string verb, string count) => $"""
        insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          values ({verb}, '', jsonb_build_object('subscription', p_name, 'ranges', {count}));
        """;

    /// <summary>What moves a range back, and fences whoever carries it.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="to">The position, in SQL. A range that is before it stays there.</param>
    public static string Rewind(SqlIdentifier schema, string to) => $"""
        replayed_to = greatest(c.replayed_to, c.position), position = least(c.position, {to}), owner = null,
                epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), event_position = null, event_id = null, state = 0, failure = null,
                claims = 0
        """;

    /// <summary>
    /// Whether the key of <c>parked k</c> is one of the range of <c>checkpoints c</c>: a tenant with ranges of its own takes its keys
    /// along.
    /// </summary>
    public const string IsKeyOfRange =
        "k.subscription = c.subscription and k.version = c.version and k.slice between c.first and c.last "
        + "and case when c.tenant = '' then not k.apart else k.apart and k.tenant = c.tenant end";

    /// <summary>Lets all go on that are to stop over the slices of a range: a mark is for all of them, or for none.</summary>
    public static string FreeMarked(SqlIdentifier schema) => $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
            set {Free(schema)}
            where c.subscription = p_name and c.version = p_version and c.first = p_first and c.stop_at is not null;
        """;

    /// <summary>Whether a node says that it knows <c>subscriptions s</c>, as <see cref="Declaration.KnownAs"/>.</summary>
    public static string IsKnownBy(string node) => $"(s.version || ':' || s.name || ' by ' || s.partition) = any ({node}.knows)";

    /// <summary>What fences whoever carries a range, and lets others claim it.</summary>
    public static string Free(SqlIdentifier schema) =>
        $"owner = null, epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), claims = 0, stop_at = null";
}
