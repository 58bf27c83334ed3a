using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// The rows of keys that wait since an event of theirs failed: one for each, however many of its events wait. What a worker does with them
/// follows the comparison of its checkpoint, in the same transaction: apart from it, a worker that lost the range would park what the new
/// one has handled.
/// </summary>
internal sealed class ParkedRows(Database database, SqlIdentifier schema)
{
    private readonly string _park = $"""
        insert into {schema}.{SubscriptionTables.Parked} as k (subscription, version, tenant, key, slice, position, failure, due, apart)
        values ($1, $2, $3, $4, $5, $6, $7, pg_catalog.clock_timestamp() + $8, $9)
        on conflict (subscription, version, tenant, key) do update
        set position = excluded.position, failure = excluded.failure, since = pg_catalog.now(), due = excluded.due,
            wish = case when (coalesce(k.wish, {long.MaxValue}), k.drops) <> ($10, $11) then k.wish end,
            drops = case when (coalesce(k.wish, {long.MaxValue}), k.drops) <> ($10, $11) and k.position = excluded.position
              then k.drops else 0 end
        """;

    private readonly string _move = $"select {schema}.{MoveParkedFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    private readonly string _lock = $"""
        select 1
        from {schema}.{SubscriptionTables.Parked} k
        join unnest($3, $4) as u (tenant, key) on u.tenant = k.tenant and u.key = k.key
        where k.subscription = $1 and k.version = $2
        order by k.subscription, k.version, k.tenant, k.key
        for update of k
        """;

    private readonly string _audit = $"""
        insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
        values (
          $1, $2, pg_catalog.jsonb_build_object('subscription', $3::text, 'key', $4::text, 'position', $5::bigint, 'reason', $6::jsonb))
        """;

    private readonly string _wishes = $"""
        select k.tenant, k.key, k.position, coalesce(k.wish, {long.MaxValue}), k.drops, k.reason,
               coalesce((k.failure ->> 'attempts')::integer, 0)
        from {schema}.{SubscriptionTables.Checkpoints} c
        join {schema}.{SubscriptionTables.Parked} k on {RangeSql.IsKeyOfRange}
        where c.subscription = $1 and c.version = $2 and c.tenant = $3 and c.first = $4 and c.last = $5
          and (k.wish is not null or k.due <= pg_catalog.clock_timestamp())
        order by k.position
        """;

    /// <summary>Reads what somebody wants of the keys of a range.</summary>
    public Task<List<Wish>> ReadWishesAsync(RangeKey range, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        batch.Add(_wishes)
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(range.Tenant, NpgsqlDbType.Text)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(range.Last, NpgsqlDbType.Smallint);
        return database.ReadAllAsync(batch, Read, cancellationToken);

        static Wish Read(NpgsqlDataReader row) => new(
            new EventKey(row.GetString(0), row.GetString(1)),
            row.GetInt64(2),
            row.GetInt64(3),
            row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetString(5))
        {
            Attempts = row.GetInt32(6),
        };
    }

    /// <summary>Adds the statement that locks the rows of keys, in the order in which everybody does.</summary>
    public void AddLocks(NpgsqlBatch batch, RangeKey range, IReadOnlyCollection<EventKey> keys) => batch.Add(_lock)
        .With(range.Subscription, NpgsqlDbType.Text)
        .With(range.Version, NpgsqlDbType.Integer)
        .With(keys.Select(static key => key.Tenant).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(keys.Select(static key => key.Key).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Adds the statements that note an event that is given up.</summary>
    /// <param name="batch">The batch of the checkpoint.</param>
    /// <param name="range">The range of the event.</param>
    /// <param name="item">The event.</param>
    /// <param name="how">What becomes of it.</param>
    /// <param name="failure">Why.</param>
    /// <param name="due">After how long a parked one comes again by itself, which needs no audit.</param>
    /// <param name="read">
    /// What was wanted of its key when that was read, if the event was replayed. Another wish that came since stays: the events to be
    /// dropped only if the key still waits from the same one.
    /// </param>
    public void AddGivenUp(
        NpgsqlBatch batch,
        RangeKey range,
        WorkItem item,
        FailedEvent how,
        SubscriptionFailure failure,
        TimeSpan? due = null,
        (long Count, long Drops)? read = null)
    {
        var reason = FailureJson.Write(failure);
        if (how == FailedEvent.Park)
        {
            var command = batch.Add(_park)
                .With(range.Subscription, NpgsqlDbType.Text)
                .With(range.Version, NpgsqlDbType.Integer)
                .With(item.Key.Tenant, NpgsqlDbType.Text)
                .With(item.Key.Key, NpgsqlDbType.Text)
                .With((short)item.Key.Slice, NpgsqlDbType.Smallint)
                .With(item.Position, NpgsqlDbType.Bigint)
                .With(reason, NpgsqlDbType.Jsonb);
            command = due is { } after ? command.With(after, NpgsqlDbType.Interval) : command.WithNull(NpgsqlDbType.Interval);
            command.With(!range.IsOfAll, NpgsqlDbType.Boolean);
            if (read is var (count, drops))
                command.With(count, NpgsqlDbType.Bigint).With(drops, NpgsqlDbType.Bigint);
            else
                command.WithNull(NpgsqlDbType.Bigint).WithNull(NpgsqlDbType.Bigint);
        }

        if (due is null)
            AddAudit(batch, how == FailedEvent.Park ? "park" : "skip", range, item.Key, item.Position, reason);
    }

    /// <summary>Adds the statements that move keys on.</summary>
    /// <param name="batch">The batch of the page.</param>
    /// <param name="range">The range that the keys belong to.</param>
    /// <param name="moves">The keys.</param>
    /// <param name="describe">Says why one still waits.</param>
    public void AddMoves(
        NpgsqlBatch batch, RangeKey range, IReadOnlyList<ParkedMove> moves, Func<WorkItem, WorkFailure, SubscriptionFailure> describe)
    {
        batch.Add(_move)
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(All(static move => move.Key.Tenant), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static move => move.Key.Key), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static move => move.Expected), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static move => move.Next), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static move => move.Wish), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static move => move.Dropped is null ? 0 : 1), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(
                All(move => move.Failed is { } failed ? FailureJson.Write(describe(failed.Item, failed.Failure)) : null),
                NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(All(static move => move.Read.Count), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static move => move.Read.Drops), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        foreach (var move in moves)
        {
            if (move.Dropped is { } dropped)
                AddAudit(batch, "drop", range, move.Key, dropped.Item.Position, FailureJson.Text(dropped.Reason));
            else if (move.Next == 0)
                AddAudit(batch, "free", range, move.Key, move.Expected, "null");
        }

        T[] All<T>(Func<ParkedMove, T> value) => [.. moves.Select(value)];
    }

    private void AddAudit(NpgsqlBatch batch, string verb, RangeKey range, EventKey key, long position, string reason) => batch.Add(_audit)
        .With(verb, NpgsqlDbType.Text)
        .With(key.Tenant, NpgsqlDbType.Text)
        .With(range.Subscription, NpgsqlDbType.Text)
        .With(key.Key, NpgsqlDbType.Text)
        .With(position, NpgsqlDbType.Bigint)
        .With(reason, NpgsqlDbType.Jsonb);
}
