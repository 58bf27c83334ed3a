using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>Reads where the streams of a unit stand, so that its events are known with their versions.</summary>
internal sealed class StreamHeads(SqlIdentifier schema)
{
    private readonly string _read = $"""
        select wanted.ordinal, s.key, s.version, s.rewritten, s.state <> {StreamStates.Active}, s.linked
        from unnest($2) with ordinality as wanted (id, ordinal)
        cross join lateral (
          select s.key, s.version, s.rewritten, s.state, s.linked
          from {schema}.{EventTables.Streams} s
          where s.tenant = $1
            and s.id = wanted.id
          limit 1
        ) as s
        """;

    public void AddRead(NpgsqlBatch batch, EventUnit unit) => batch.Add(_read)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit.Streams, static stream => stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Takes the result, and moves on to the next one.</summary>
    /// <returns>By the order of the unit's streams.</returns>
    public static async Task<StreamHead[]> ReadAsync(NpgsqlDataReader rows, EventUnit unit, CancellationToken cancellationToken)
    {
        var heads = new StreamHead[unit.Streams.Length];
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            heads[(int)rows.GetInt64(0) - 1] = new StreamHead(
                rows.GetInt64(1), rows.GetInt64(2), rows.GetInt32(3), rows.GetBoolean(4), rows.GetBoolean(5));

        await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return heads;
    }
}
