using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Says that nodes are alive, and sees who else is, and all ranges: one statement for all nodes of a process in a database, however many
/// subscriptions it has opened.
/// </summary>
internal sealed class Looks : IAsyncDisposable
{
    private readonly Database _database;
    private readonly TimeSpan _lease;
    private readonly string _look;
    private readonly GatheredCall<Beat, Look> _call;

    /// <param name="database">The database.</param>
    /// <param name="schema">The schema of the store.</param>
    /// <param name="lease">How long a node counts as alive.</param>
    public Looks(Database database, SqlIdentifier schema, TimeSpan lease)
    {
        (_database, _lease) = (database, lease);
        _call = new GatheredCall<Beat, Look>(LookAsync, TimeProvider.System);
        _look = $"""
            with beat as (
              insert into {schema}.{SubscriptionTables.Nodes} (node, beat, name, knows)
              select u.node, pg_catalog.clock_timestamp(), u.name,
                     array(select k.known from unnest($3, $4) as k (node, known) where k.node = u.node)
              from unnest($1, $2) as u (node, name)
              order by u.node
              on conflict (node) do update
              set beat = excluded.beat, knows = excluded.knows
            )
            select n.node, n.knows, null::text, null::integer, null::smallint, null::smallint, null::text, null::bigint, null::bigint,
                   null::uuid, null::boolean, null::smallint, null::bigint, null::boolean, pg_catalog.pg_postmaster_start_time(), null::text
            from {schema}.{SubscriptionTables.Nodes} n
            where n.beat between pg_catalog.clock_timestamp() - $5 and pg_catalog.clock_timestamp() + $5
            union all
            select null, null, c.subscription, c.version, c.first, c.last, c.tenant, c.position, c.epoch, c.owner, c.paused or c.held,
                   case when c.format <> {SubscriptionTables.Format} then {(int)RowState.Faulted}::smallint else c.state end, c.stop_at,
                   exists (
                     select from {schema}.{SubscriptionTables.Parked} k
                     where {RangeSql.IsKeyOfRange}
                       and (k.wish is not null or k.due <= pg_catalog.clock_timestamp())
                   ),
                   pg_catalog.pg_postmaster_start_time(),
                   s.partition
            from {schema}.{SubscriptionTables.Checkpoints} c
            join {schema}.{SubscriptionTables.Subscriptions} s on s.name = c.subscription and s.version = c.version
            """;
    }

    /// <summary>Looks, together with the other nodes of the process that look at the same time.</summary>
    public Task<Look> LookAsync(Beat beat, CancellationToken cancellationToken) => _call.AskAsync(beat, cancellationToken);

    public ValueTask DisposeAsync() => _call.DisposeAsync();

    private async Task<IReadOnlyList<Look>> LookAsync(Beat[] beats, CancellationToken cancellationToken)
    {
        var known = beats.SelectMany(static beat => beat.Knows.Select(known => (beat.Node, Known: known))).ToList();
        using var batch = new NpgsqlBatch();
        batch.Add(_look)
            .With(Array.ConvertAll(beats, static beat => beat.Node), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(Array.ConvertAll(beats, static beat => beat.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(known.Select(static one => one.Node).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(known.Select(static one => one.Known).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(_lease, NpgsqlDbType.Interval);

        // The statement does not see what it writes.
        var nodes = beats.Select(static beat => new Node(beat.Node, beat.Knows.ToHashSet(StringComparer.Ordinal))).ToList();
        var own = beats.Select(static beat => beat.Node).ToHashSet();
        List<RangeRow> ranges = [];
        var server = default(DateTimeOffset);
        var rows = await _database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                server = rows.GetInstant(14);
                if (rows.IsDBNull(0))
                    ranges.Add(ReadRange(rows));
                else if (!own.Contains(rows.GetGuid(0)))
                    nodes.Add(new Node(rows.GetGuid(0), rows.GetFieldValue<string[]>(1).ToHashSet(StringComparer.Ordinal)));
            }
        }

        var look = new Look(nodes, ranges, server);
        return [.. beats.Select(_ => look)];
    }

    private static RangeRow ReadRange(NpgsqlDataReader row) => new(
        new RangeKey(row.GetString(2), row.GetInt32(3), row.GetInt16(4), row.GetInt16(5), row.GetString(6)),
        row.GetInt64(7),
        row.GetInt64(8),
        row.IsDBNull(9) ? null : row.GetGuid(9),
        row.GetBoolean(10),
        (RowState)row.GetInt16(11),
        row.IsDBNull(12) ? null : row.GetInt64(12),
        row.GetBoolean(13),
        row.GetString(15));
}
