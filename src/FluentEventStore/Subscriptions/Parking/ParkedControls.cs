using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// What operators see and want of parked keys. Only the process that carries a key does it: others write down what they want.
/// </summary>
internal sealed class ParkedControls(Database database, SqlIdentifier schema)
{
    private readonly string _list = $"""
        select k.subscription, k.tenant, k.key, k.position, k.since, k.failure, k.wish is not null or k.drops > 0
        from {schema}.{SubscriptionTables.Parked} k
        where k.subscription = $1 and k.position > $2
        order by k.position
        limit $3
        """;

    // Whoever changes the subscription as a whole locks this first, and what is parked later.
    private readonly string _lock = $"select 0::bigint from {schema}.{SubscriptionTables.Subscriptions} s where s.name = $1 for share";

    // Those that have waited longest are not locked in that order, but in the one in which workers lock what they move.
    private readonly string _wish = $"""
        with longest as materialized (
          select k.subscription, k.version, k.tenant, k.key
          from {schema}.{SubscriptionTables.Parked} k
          where k.subscription = $1
            and ($2::text is null or (k.tenant = $2 and k.key = $3))
            and ($9::bigint is null or k.position = $9)
          order by k.position
          limit $4
        ),
        wanted as materialized (
          select k.subscription, k.version, k.tenant, k.key
          from longest l
          join {schema}.{SubscriptionTables.Parked} k
            on k.subscription = l.subscription and k.version = l.version and k.tenant = l.tenant and k.key = l.key
          where $9::bigint is null or k.position = $9
          order by k.subscription, k.version, k.tenant, k.key
          for update of k
        ),
        wished as (
          update {schema}.{SubscriptionTables.Parked} k
          set wish = $5, drops = $6, reason = $7
          from wanted w
          where k.subscription = w.subscription and k.version = w.version and k.tenant = w.tenant and k.key = w.key
          returning k.tenant, k.key, k.position
        ),
        noted as (
          insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
          select $8, w.tenant, pg_catalog.jsonb_build_object('subscription', $1, 'key', w.key, 'position', w.position, 'reason', $7)
          from wished w
        )
        select pg_catalog.count(*) from wished
        """;

    public Task<List<ParkedKey>> ListAsync(string name, long after, int count, CancellationToken cancellationToken)
    {
        var batch = new NpgsqlBatch();
        batch.Add(_list)
            .With(name, NpgsqlDbType.Text)
            .With(after, NpgsqlDbType.Bigint)
            .With(count, NpgsqlDbType.Integer);
        return database.ReadAllAsync(batch, Read, cancellationToken);

        static ParkedKey Read(NpgsqlDataReader row) => new(
            row.GetString(0), TenantId.Stored(row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetInstant(4))
        {
            Failure = FailureJson.Read(row.GetString(5)),
            IsWanted = row.GetBoolean(6),
        };
    }

    /// <summary>Writes down what is wanted.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="key">Which key; <see langword="null"/> for those that have waited longest.</param>
    /// <param name="keys">Of how many keys.</param>
    /// <param name="count">How many events of each are to be handled.</param>
    /// <param name="drops">How many events of each are to be dropped before that.</param>
    /// <param name="reason">Why they are dropped.</param>
    /// <param name="position">From where the key must wait for that; <see langword="null"/> if it does not matter.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Of how many keys.</returns>
    public async Task<int> WishAsync(
        string name,
        EventKey? key,
        int keys,
        long count,
        long drops,
        string? reason,
        long? position,
        CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_lock).With(name, NpgsqlDbType.Text);
        var command = batch.Add(_wish)
            .With(name, NpgsqlDbType.Text)
            .WithText(key?.Tenant)
            .WithText(key?.Key)
            .With(keys, NpgsqlDbType.Integer)
            .With(count, NpgsqlDbType.Bigint)
            .With(drops, NpgsqlDbType.Bigint)
            .WithText(reason)
            .With(drops > 0 ? "want-drop" : "want-replay", NpgsqlDbType.Text);
        _ = position is { } from ? command.With(from, NpgsqlDbType.Bigint) : command.WithNull(NpgsqlDbType.Bigint);
        try
        {
            return await database.WriteAsync(batch, static row => (int?)row.GetInt64(0), cancellationToken).ConfigureAwait(false) ?? 0;
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            throw unknown.Of($"what is wanted of parked keys of '{name}' was written down");
        }
    }
}
