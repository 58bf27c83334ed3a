using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>What a node asks and changes of the rows of ranges, beside pages. Each change draws a new epoch.</summary>
internal sealed class RangeRows(Database database, SqlIdentifier schema, Guid node)
{
    /// <summary>
    /// How long a claim waits for the row: a page of the former owner that hangs must not keep the node from its other ranges.
    /// </summary>
    private const string ClaimPatience = "select pg_catalog.set_config('lock_timeout', '200ms', true)";

    private const string IsRange = "c.subscription = $1 and c.version = $2 and c.tenant = $3 and c.first = $4 and c.last = $5";

    private readonly string _claim = $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set owner = $7, epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), timeline = {schema}.{TimelineFunction.Name}(),
            claims = c.claims + case when c.owner is null or c.owner = $7 then 0 else 1 end
        where {IsRange} and c.epoch = $6 and not c.paused and not c.held and c.state <> {(int)RowState.Faulted}
        returning {Claimed(schema)}
        """;

    // A batch that was half sent by a process that stands still keeps its locks, and no time-out of the server ends it: the server waits
    // for the rest of it. A transaction that is only slow waits for something else. Who it is must be known before anybody is ended:
    // conditions are checked in any order.
    private readonly string _endHolder = $"""
        with holder as materialized (
          select a.pid
          from {schema}.{SubscriptionTables.Checkpoints} c
          join pg_catalog.pg_locks l on l.locktype = 'transactionid' and l.granted and l.transactionid = c.xmax
          join pg_catalog.pg_stat_activity a on a.pid = l.pid
          where {IsRange} and c.epoch = $6
            and a.wait_event_type = 'Client' and a.xact_start < pg_catalog.clock_timestamp() - $7
        )
        select h.pid, pg_catalog.pg_terminate_backend(h.pid) from holder h
        """;

    private readonly string _raise = $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), timeline = {schema}.{TimelineFunction.Name}()
        where {IsRange} and c.epoch = $6 and c.owner = $7
        returning {Claimed(schema)}
        """;

    private readonly string _parked = $"""
        select k.tenant, k.key, k.position
        from {schema}.{SubscriptionTables.Checkpoints} c
        join {schema}.{SubscriptionTables.Parked} k on {RangeSql.IsKeyOfRange}
        where {IsRange}
        """;

    private readonly string _giveUp = $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set owner = null, epoch = nextval('{schema}.{SubscriptionTables.Epochs}')
        where {IsRange} and c.epoch = $6 and c.owner = $7
        returning 1
        """;

    private readonly string _fail = $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set state = $8, failure = $9,
            owner = case when $8 = {(int)RowState.Faulted} then null else c.owner end,
            epoch = case when $8 = {(int)RowState.Faulted} then nextval('{schema}.{SubscriptionTables.Epochs}') else c.epoch end
        where {IsRange} and c.epoch = $6 and c.owner = $7
        returning 1
        """;

    private readonly string _forget =
        $"delete from {schema}.{SubscriptionTables.Nodes} n where n.node = $1 or n.beat < pg_catalog.clock_timestamp() - interval '1 hour'";

    /// <summary>Claims a range as it was looked at.</summary>
    /// <param name="seen">The range.</param>
    /// <param name="lease">How long whoever holds the row without a word may hold it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns><see langword="null"/> if it has changed since, or its row is locked.</returns>
    public async Task<Claim?> ClaimAsync(RangeRow seen, TimeSpan lease, CancellationToken cancellationToken)
    {
        try
        {
            return await DrawAsync(seen.Key, seen.Epoch, _claim, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            await EndHolderAsync(seen, lease, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    private async Task EndHolderAsync(RangeRow seen, TimeSpan lease, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        AddRange(batch.Add(_endHolder), seen.Key).With(seen.Epoch, NpgsqlDbType.Bigint).With(lease, NpgsqlDbType.Interval);
        try
        {
            foreach (var process in await database.ReadAllAsync(batch, static row => row.GetInt32(0), cancellationToken)
                .ConfigureAwait(false))
            {
                SubscriptionLog.Terminated(database.Telemetry, seen.Key, process);
            }
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            // It is of another role: whoever may has to end it.
        }
    }

    /// <summary>
    /// Draws a new epoch for a range of the node's own, after an attempt whose outcome is unknown. It waits for that attempt if it is still
    /// under way; one that comes later is refused.
    /// </summary>
    /// <returns><see langword="null"/> if the range is another's now.</returns>
    public Task<Claim?> RaiseAsync(RangeKey range, long epoch, CancellationToken cancellationToken) =>
        DrawAsync(range, epoch, _raise, cancellationToken);

    /// <summary>Gives a range of the node's own to whoever wants it.</summary>
    public Task<bool> GiveUpAsync(RangeKey range, long epoch, CancellationToken cancellationToken) =>
        ChangeAsync(range, epoch, _giveUp, static _ => { }, cancellationToken);

    /// <summary>Notes why a range of the node's own does not go on. A faulted one is given up with that.</summary>
    public Task<bool> FailAsync(RangeKey range, long epoch, RowState state, string failure, CancellationToken cancellationToken) =>
        ChangeAsync(
            range,
            epoch,
            _fail,
            command => command.With((short)state, NpgsqlDbType.Smallint).With(failure, NpgsqlDbType.Jsonb),
            cancellationToken);

    /// <summary>Joins a tenant's own range with that of all others, if they stand at one position.</summary>
    /// <param name="range">The range of the tenant.</param>
    /// <param name="stops">Whether they are told where to stop if they do not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether they are one now.</returns>
    public async Task<bool> RejoinAsync(RangeKey range, bool stops, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add($"select {schema}.{RejoinTenantFunction.Name}($1, $2, $3, $4, $5)")
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(range.Tenant, NpgsqlDbType.Text)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(stops, NpgsqlDbType.Boolean);
        return await database.WriteAsync(batch, static row => !row.IsDBNull(0) && row.GetBoolean(0), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Gives a tenant a range of its own beside one of the node's own, of which nothing may be under way. Both are claimed anew.
    /// </summary>
    /// <returns>Whether it has one now: not, if the range is another's, is paused, or is being changed.</returns>
    public async Task<bool> ShareAsync(RangeKey range, long epoch, string tenant, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(ClaimPatience);
        batch.Add($"select {schema}.{ShareRangeFunction.Name}($1, $2, $3, $4, $5, $6)")
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(tenant, NpgsqlDbType.Text)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(node, NpgsqlDbType.Uuid)
            .With(epoch, NpgsqlDbType.Bigint);
        try
        {
            return await database.WriteAsync(batch, static row => row.GetValue(0) is true, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <summary>The node ends.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_forget).With(node, NpgsqlDbType.Uuid);
        await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    // What is selected here is as it was before the statement.
    private static string Claimed(SqlIdentifier schema) => $"""
        c.epoch, c.position, c.stop_at, c.replayed_to, c.event_position, c.event_id, c.claims, pg_catalog.pg_postmaster_start_time(),
          array(
            select o.tenant from {schema}.{SubscriptionTables.Checkpoints} o
            where c.tenant = '' and o.subscription = c.subscription and o.version = c.version and o.first = c.first and o.tenant <> ''
          ),
          (
            select o.timeline from {schema}.{SubscriptionTables.Checkpoints} o
            where o.subscription = c.subscription and o.version = c.version and o.tenant = c.tenant and o.first = c.first
          ),
          c.timeline
        """;

    private async Task<Claim?> DrawAsync(RangeKey range, long epoch, string statement, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(ClaimPatience);
        AddRange(batch.Add(statement), range).With(epoch, NpgsqlDbType.Bigint).With(node, NpgsqlDbType.Uuid);
        AddRange(batch.Add(_parked), range);
        var claim = default(Claim);
        var parked = new Dictionary<EventKey, long>();
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            if (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                claim = ReadClaim(rows, parked);

            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                parked[new EventKey(rows.GetString(0), rows.GetString(1))] = rows.GetInt64(2);

            // What is drawn counts only once the last result is read.
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        return claim;
    }

    private static Claim ReadClaim(NpgsqlDataReader row, IReadOnlyDictionary<EventKey, long> parked) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.IsDBNull(2) ? null : row.GetInt64(2),
        row.GetInt64(3),
        row.IsDBNull(5) ? null : (row.GetInt64(4), row.GetGuid(5)),
        row.GetInt32(6),
        parked)
    {
        Server = row.GetInstant(7),
        Apart = row.GetFieldValue<string[]>(8).ToHashSet(StringComparer.Ordinal),
        Timelines = (row.IsDBNull(9) ? null : row.GetString(9), row.IsDBNull(10) ? null : row.GetString(10)),
    };

    private async Task<bool> ChangeAsync(
        RangeKey range, long epoch, string statement, Action<NpgsqlBatchCommand> complete, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        var command = AddRange(batch.Add(statement), range).With(epoch, NpgsqlDbType.Bigint).With(node, NpgsqlDbType.Uuid);
        complete(command);
        return await database.WriteAsync(batch, static _ => "", cancellationToken).ConfigureAwait(false) is not null;
    }

    private static NpgsqlBatchCommand AddRange(NpgsqlBatchCommand command, RangeKey range)
    {
        command
            .With(range.Subscription, NpgsqlDbType.Text)
            .With(range.Version, NpgsqlDbType.Integer)
            .With(range.Tenant, NpgsqlDbType.Text)
            .With(range.First, NpgsqlDbType.Smallint)
            .With(range.Last, NpgsqlDbType.Smallint);
        return command;
    }
}
