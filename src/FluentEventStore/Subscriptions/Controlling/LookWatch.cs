using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Waits until every process that carries subscriptions has seen what was changed: each says when it looks. Its second look begins when
/// what followed from the first is done.
/// </summary>
internal sealed class LookWatch(Database database, SqlIdentifier schema, TimeSpan lease, TimeProvider clock)
{
    private const int Looks = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string _beats = $"""
        select n.node, n.beat from {schema}.{SubscriptionTables.Nodes} n where n.beat > pg_catalog.clock_timestamp() - $1
        """;

    /// <summary>Waits, for a lease at most: whoever is silent for that long carries nothing any more.</summary>
    public async Task AwaitAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var beats = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var left = beats.Keys.ToDictionary(static node => node, static _ => Looks);
        while (left.Count > 0 && clock.GetElapsedTime(began) < lease)
        {
            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
            var later = await ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var node in left.Keys.ToList())
            {
                if (!later.TryGetValue(node, out var beat) || (beat != beats[node] && --left[node] == 0))
                    left.Remove(node);
            }

            beats = later;
        }
    }

    private async Task<Dictionary<Guid, DateTimeOffset>> ReadAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_beats).With(lease, NpgsqlDbType.Interval);
        var rows = await database
            .ReadAllAsync(batch, static row => (Node: row.GetGuid(0), Beat: row.GetInstant(1)), cancellationToken)
            .ConfigureAwait(false);
        return rows.ToDictionary(static row => row.Node, static row => row.Beat);
    }
}
