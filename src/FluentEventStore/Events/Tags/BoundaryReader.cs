using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events that match a query of tags, in the order of their positions, and how far each clause has been seen.</summary>
internal sealed class BoundaryReader(Database database, SqlIdentifier schema, PersonalData personalData)
{
    private readonly string _seen = $"select c.ordinal, pg_catalog.max(t.position) {Matches(schema)} group by c.ordinal";

    private readonly string _events = $"""
        select {EventColumns.OfStreams("s.id")}
        from (select distinct e.position as found {Matches(schema)}) as matched
        cross join lateral (
          select e.*
          from {schema}.{EventTables.Events} e
          where e.position = matched.found
          limit 1
        ) as e
        {StreamLookup.Of(schema, "e", "s.id", $"and s.tenant = $1 and s.state = {StreamStates.Active} and {StreamLookup.IsLeft}")}
        order by e.position
        """;

    /// <summary>
    /// Reads in one round trip. How far is seen is asked first: an event that comes in between makes the decision a conflict, and is never
    /// lost.
    /// </summary>
    public async Task<(List<IEvent> Events, PendingBoundary Boundary)> ReadAsync(
        TenantId tenantId, TagQuery query, CancellationToken cancellationToken)
    {
        var seen = new long[query.Clauses.Count];
        List<IEvent> events = [];
        var queue = new EventQueue(personalData, events);
        using var payloads = new JsonWriter();
        using var batch = new NpgsqlBatch();
        var clauses = UnitBoundaries.Encode([new PendingBoundary(query, seen)], payloads);
        Add(batch, _seen, tenantId, clauses);
        Add(batch, _events, tenantId, clauses);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                seen[rows.GetInt64(0) - 1] = rows.GetInt64(1);

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            using var reader = new EventRowReader(rows, tenantId, default, queue);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        await queue.ReleaseAsync(cancellationToken).ConfigureAwait(false);
        return (events, new PendingBoundary(query, seen));
    }

    // The first tag of a clause drives; the others and the type are checked event by event.
    private static string Matches(SqlIdentifier schema) => $"""
        from pg_catalog.jsonb_array_elements($2) with ordinality as c (value, ordinal)
        cross join lateral (
          select t.position
          from {schema}.{EventTables.EventTags} t
          where t.tenant = $1
            and t.tag = c.value->'tags'::text->>0
            and not exists (
              select
              from pg_catalog.jsonb_array_elements_text(c.value->'tags'::text) as other (tag)
              where not exists (
                select from {schema}.{EventTables.EventTags} o where o.tenant = $1 and o.tag = other.tag and o.position = t.position))
          offset 0
        ) as t
        cross join lateral (
          select e.*
          from {schema}.{EventTables.Events} e
          where e.position = t.position
            and (pg_catalog.jsonb_array_length(c.value->'types'::text) = 0 or c.value->'types'::text ? e.type)
          limit 1
        ) as e
        """;

    private static void Add(NpgsqlBatch batch, string sql, TenantId tenantId, ReadOnlyMemory<byte> clauses) =>
        batch.Add(sql).With(tenantId.Value, NpgsqlDbType.Text).With(clauses, NpgsqlDbType.Jsonb);
}
