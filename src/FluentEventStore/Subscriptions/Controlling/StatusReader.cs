using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>Reads how far subscriptions are: in one statement, so that all of it is of one moment.</summary>
internal sealed class StatusReader(Database database, SqlIdentifier schema, Settler settler)
{
    // What is carried writes where it is once a second while anything is appended.
    private const string RateLasts = "interval '1 minute'";

    private readonly string _ranges = $"""
        select c.subscription, c.version, c.first, c.last, c.position, c.epoch, c.paused or c.held, c.state,
               case when c.moved_at > pg_catalog.clock_timestamp() - {RateLasts} then c.rate else 0 end, c.failure, n.name,
               n.beat > pg_catalog.clock_timestamp() - $2,
               (
                 select pg_catalog.count(*)::integer from {schema}.{SubscriptionTables.Parked} k
                 where {RangeSql.IsKeyOfRange}
               ),
               (
                 select pg_catalog.clock_timestamp() - e.recorded_at from {schema}.{EventTables.Events} e
                 where e.position > c.position and e.position <= $3
                 order by e.position
                 limit 1
               ),
               c.tenant, c.held
        from {schema}.{SubscriptionTables.Checkpoints} c
        left join {schema}.{SubscriptionTables.Nodes} n on n.node = c.owner
        where $1::text is null or c.subscription = $1
        order by c.subscription, c.version, c.first, c.tenant
        """;

    /// <param name="name">Which one; <see langword="null"/> for all.</param>
    /// <param name="lease">How long a process may be silent.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<SubscriptionStatus>> FetchAsync(string? name, TimeSpan lease, CancellationToken cancellationToken)
    {
        var head = (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
        using var batch = new NpgsqlBatch();
        batch.Add(_ranges)
            .WithText(name)
            .With(lease, NpgsqlDbType.Interval)
            .With(head, NpgsqlDbType.Bigint);
        var rows = await database.ReadAllAsync(batch, row => Read(row, head), cancellationToken).ConfigureAwait(false);
        if (rows.Exists(row => row.Range.Position > head))
            rows = await JudgeAsync(rows, cancellationToken).ConfigureAwait(false);

        return
        [
            .. rows.GroupBy(static row => (row.Name, row.Version))
                .Select(group => Of(group.Key.Name, group.Key.Version, [.. group], head)),
        ];
    }

    // The log may have grown before the rows were read: how far it is by now says which of them are ahead of it.
    private async Task<List<Row>> JudgeAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        var settled = await settler.AskAsync(cancellationToken).ConfigureAwait(false);
        return settled.IsStandby
            ? rows
            : [.. rows.Select(row => row with { Range = row.Range with { IsAheadOfLog = row.Range.Position > settled.Last } })];
    }

    private static SubscriptionStatus Of(string name, int version, IReadOnlyList<Row> rows, long head)
    {
        // Whoever paused a tenant alone knows that it stands still.
        var going = rows.Where(static row => !row.IsHeld).ToList();
        var last = going.MinBy(static row => row.Range.Position)!;
        return new SubscriptionStatus(
            name,
            version,
            going.Select(static row => row.Range.State).MaxBy(static state => Attention(state)),
            last.Range.Position,
            Math.Max(head - last.Range.Position, 0),
            last.Behind > TimeSpan.Zero ? last.Behind : TimeSpan.Zero,
            rows.Sum(static row => row.Parked),
            [.. rows.Select(static row => row.Range)]);
    }

    private static int Attention(SubscriptionState state) => state switch
    {
        SubscriptionState.Idle => 0,
        SubscriptionState.Running => 1,
        SubscriptionState.Unowned => 2,
        SubscriptionState.Paused => 3,
        SubscriptionState.Waiting => 4,
        _ => 5,
    };

    private static Row Read(NpgsqlDataReader row, long head)
    {
        var position = row.GetInt64(4);
        var owner = !row.IsDBNull(11) && row.GetBoolean(11) ? row.GetString(10) : null;
        var state = ((RowState)row.GetInt16(7), row.GetBoolean(6)) switch
        {
            (RowState.Faulted, _) => SubscriptionState.Faulted,
            (_, true) => SubscriptionState.Paused,
            _ when owner is null => SubscriptionState.Unowned,
            (RowState.Waiting, _) => SubscriptionState.Waiting,
            _ => position < head ? SubscriptionState.Running : SubscriptionState.Idle,
        };
        var range = new SubscriptionRangeStatus(
            row.GetInt16(2),
            row.GetInt16(3),
            state,
            position,
            row.GetDouble(8),
            owner,
            row.GetInt64(5),
            row.IsDBNull(9) ? null : FailureJson.Read(row.GetString(9)))
        {
            TenantId = row.GetString(14) is { Length: > 0 } tenant ? TenantId.Stored(tenant) : default(TenantId?),
        };
        return new Row(
            row.GetString(0),
            row.GetInt32(1),
            row.GetInt32(12),
            row.IsDBNull(13) ? TimeSpan.Zero : row.GetTimeSpan(13),
            range,
            row.GetBoolean(15));
    }

    private sealed record Row(string Name, int Version, int Parked, TimeSpan Behind, SubscriptionRangeStatus Range, bool IsHeld);
}
