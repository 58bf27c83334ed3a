using FluentEventStore.Messages;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Outbox;

/// <summary>
/// The lanes of a database and their messages, as a sender takes and gives them up. All leases go by the clock of the server.
/// </summary>
internal sealed class LaneRows(Database database, SqlIdentifier schema, TimeSpan lease, Guid owner)
{
    /// <summary>How many messages of a lane come with it.</summary>
    private const int MostOfLane = 20;

    private readonly string _claim = $"select * from {schema}.{ClaimMessagesFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8)";

    private readonly string _settle = $"""
        with said as (
          select *
          from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            as u (lane, tenant, token, number, ends, message, attempts, pause, error, alarmed)),
        held as materialized (
          select s.*, l.attempts as before
          from {schema}.{MessageTables.Lanes} l
          join said s on s.lane = l.lane and s.tenant = l.tenant and s.token = l.token
          where l.owner is not null
          order by l.lane, l.tenant
          for update of l),
        gone as (
          delete from {schema}.{MessageTables.Messages} m
          using held h
          where m.number = h.number),
        ended as (
          delete from {schema}.{MessageTables.Lanes} l
          using held h
          where l.lane = h.lane and l.tenant = h.tenant and h.ends and h.attempts = 0 and (h.number > 0 or h.before = 0)),
        released as (
          update {schema}.{MessageTables.Lanes} l
          set owner = null, leased_until = null
          from held h
          where l.lane = h.lane and l.tenant = h.tenant and h.ends and h.attempts = 0 and h.number = 0 and h.before > 0),
        failed as (
          update {schema}.{MessageTables.Lanes} l
          set owner = null,
              leased_until = null,
              failing_since = coalesce(case when l.message = h.message then l.failing_since end, pg_catalog.clock_timestamp()),
              message = h.message,
              attempts = h.attempts,
              retry_at = pg_catalog.clock_timestamp() + pg_catalog.make_interval(secs => h.pause),
              error = h.error,
              alarmed = h.alarmed
          from held h
          where l.lane = h.lane and l.tenant = h.tenant and h.attempts > 0),
        kept as (
          update {schema}.{MessageTables.Lanes} l
          set leased_until = pg_catalog.clock_timestamp() + $11,
              message = case when h.number = 0 then l.message end,
              attempts = case when h.number = 0 then l.attempts else 0 end,
              failing_since = case when h.number = 0 then l.failing_since end,
              error = case when h.number = 0 then l.error end,
              alarmed = h.number = 0 and l.alarmed
          from held h
          where l.lane = h.lane and l.tenant = h.tenant and not h.ends and h.attempts = 0)
        select coalesce(array_agg(h.token), array[]::bigint[]) from held h
        """;

    private readonly string _takeOver = $"""
        with dropped as (delete from {schema}.{MessageTables.Lanes} where attempts = 0)
        update {schema}.{MessageTables.Lanes} set owner = null, leased_until = null where leased_until is not null and attempts > 0
        """;

    /// <summary>Takes lanes that nobody is sending.</summary>
    /// <param name="types">The types of messages that the process sends.</param>
    /// <param name="now">What is due by now goes among the messages first.</param>
    /// <param name="after">Where the round goes on.</param>
    /// <param name="most">How many lanes.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public async Task<Claims> ClaimAsync(
        string[] types, DateTimeOffset now, LaneKey after, int most, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_claim)
            .With(owner, NpgsqlDbType.Uuid)
            .With(lease, NpgsqlDbType.Interval)
            .With(types, NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(now, NpgsqlDbType.TimestampTz)
            .With(after.Name, NpgsqlDbType.Text)
            .With(after.Tenant, NpgsqlDbType.Text)
            .With(most, NpgsqlDbType.Integer)
            .With(MostOfLane, NpgsqlDbType.Integer);
        List<ClaimedLane> lanes = [];
        List<string> others = [];
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            using var reader = new ColumnReader(rows);
            var claims = default(Claims);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (rows.IsDBNull(0))
                    claims = new Claims
                    {
                        Lanes = lanes,
                        OtherTypes = others,
                        Last = new LaneKey(rows.GetString(6), rows.GetString(1)),
                        NextDue = rows.IsDBNull(15) ? null : rows.GetInstant(15),
                        NextRetry = rows.IsDBNull(16) ? null : rows.GetTimeSpan(16),
                    };
                else if (rows.IsDBNull(2))
                    others.Add(rows.GetString(7));
                else
                    Add(lanes, rows, reader);
            }

            // What was taken counts once the statement has ended.
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return claims ?? throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Writes what becomes of lanes, of those that are still held.</summary>
    /// <returns>The tokens of those.</returns>
    public async Task<IReadOnlyCollection<long>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_settle)
            .With(All(static one => one.Lane.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one.Lane.Tenant), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one.Token), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static one => one.Sent), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
            .With(All(static one => one.Ends), NpgsqlDbType.Array | NpgsqlDbType.Boolean)
            .With(All(static one => one.Failure?.Message ?? Guid.Empty), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
            .With(All(static one => one.Failure?.Attempts ?? 0), NpgsqlDbType.Array | NpgsqlDbType.Integer)
            .With(All(static one => one.Failure?.Pause.Pause.TotalSeconds ?? 0), NpgsqlDbType.Array | NpgsqlDbType.Double)
            .With(All(static one => one.Failure?.Error), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(All(static one => one.Failure?.Pause.IsAlarm ?? false), NpgsqlDbType.Array | NpgsqlDbType.Boolean)
            .With(lease, NpgsqlDbType.Interval);
        return await database.WriteAsync(batch, ReadTokens, cancellationToken).ConfigureAwait(false) ?? [];

        T[] All<T>(Func<Settlement, T> value) => [.. settlements.Select(value)];
    }

    /// <summary>Ends all leases: for whoever is the only one.</summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_takeOver);
        await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    private static void Add(List<ClaimedLane> lanes, NpgsqlDataReader rows, ColumnReader reader)
    {
        var (lane, token) = (new LaneKey(rows.GetString(0), rows.GetString(1)), rows.GetInt64(2));
        if (lanes.Count == 0 || lanes[^1].Token != token)
            lanes.Add(new ClaimedLane(lane, token, []));

        lanes[^1].Messages.Add(
            new ClaimedMessage(
                rows.GetInt64(4), rows.GetGuid(5), Text(rows, 6), rows.GetString(7), reader.ReadJson(8).ToArray())
            {
                Attempts = rows.GetInt32(3),
                CorrelationId = Text(rows, 9),
                CausationId = Text(rows, 10),
                UserName = Text(rows, 11),
                Headers = rows.IsDBNull(12) ? new Dictionary<string, string>() : EventHeaders.Read(reader.ReadJson(12)),
                Trace = Text(rows, 13),
                Published = rows.GetInstant(14),
            });
    }

    private static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    private static IReadOnlyCollection<long> ReadTokens(NpgsqlDataReader rows)
    {
        using var reader = new ColumnReader(rows);
        return reader.ReadNumbers(0);
    }
}
