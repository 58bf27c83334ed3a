using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Changes the ranges of a subscription as a whole. Each change is one transaction that locks the row of the subscription first, then its
/// ranges in their order, and is written down in the audit. What fences workers draws new epochs.
/// </summary>
internal sealed class RangeControls(Database database, SqlIdentifier schema)
{
    private const string VersionColumn = "stored_version";

    private readonly string _lock = $"""
        select s.version as {VersionColumn} from {schema}.{SubscriptionTables.Subscriptions} s where s.name = $1 for update
        """;

    private readonly string _lockRanges = $"""
        select c.first
        from {schema}.{SubscriptionTables.Checkpoints} c
        where c.subscription = $1
        order by c.version, c.first, c.tenant
        for update
        """;

    /// <summary>No page of it is committed once this has returned.</summary>
    public Task PauseAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        name,
        "pause",
        "{}",
        $"update {schema}.{SubscriptionTables.Checkpoints} set paused = true where subscription = $1",
        [],
        position: null,
        cancellationToken);

    /// <summary>Lets it go on, also from a failure.</summary>
    public Task ResumeAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        name,
        "resume",
        "{}",
        $"""
        update {schema}.{SubscriptionTables.Checkpoints}
        set paused = false, state = 0, failure = null, claims = 0
        where subscription = $1
        """,
        [],
        position: null,
        cancellationToken);

    /// <summary>Moves it back. Parked keys whose events come again anyway do not wait any more.</summary>
    public async Task RewindAsync(string name, long to, CancellationToken cancellationToken)
    {
        var detail = FormattableString.Invariant($$"""{"to":{{to}}}""");
        await ChangeAsync(
            name,
            "rewind",
            detail,
            $"""
            update {schema}.{SubscriptionTables.Checkpoints} c
            set {RangeSql.Rewind(schema, "$2")}
            where c.subscription = $1
            """,
            [$"delete from {schema}.{SubscriptionTables.Parked} k where k.subscription = $1 and k.position > $2"],
            to,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sets it to a position, whatever it stood at, and forgets which event it handled last. Of a log that it was ahead of, what follows
    /// the position is new.
    /// </summary>
    public Task ResetAsync(string name, long to, CancellationToken cancellationToken) => ChangeAsync(
        name,
        "reset",
        FormattableString.Invariant($$"""{"to":{{to}}}"""),
        $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set replayed_to = case
              when c.failure ->> 'kind' = '{nameof(FailureKind.LogForked)}' then $2
              else greatest(c.replayed_to, c.position)
            end,
            position = $2, owner = null, epoch = nextval('{schema}.{SubscriptionTables.Epochs}'), event_position = null,
            event_id = null, state = 0, failure = null, claims = 0, stop_at = null
        where c.subscription = $1
        """,
        [$"delete from {schema}.{SubscriptionTables.Parked} k where k.subscription = $1 and k.position > $2"],
        to,
        cancellationToken);

    /// <summary>Removes it, its progress and what it parked.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(
                name,
                "delete",
                "{}",
                $"delete from {schema}.{SubscriptionTables.Checkpoints} where subscription = $1",
                [
                    $"delete from {schema}.{SubscriptionTables.Parked} where subscription = $1",
                    $"delete from {schema}.{SubscriptionTables.Subscriptions} where name = $1",
                ],
                position: null,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SubscriptionNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Splits ranges until there are so many, or each is one slice.</summary>
    /// <returns>How many there are.</returns>
    public Task<int> SplitAsync(string name, int count, CancellationToken cancellationToken) => CallAsync(
        name,
        $"select {schema}.{SplitSubscriptionFunction.Name}($1, $2)",
        command => command.With(count, NpgsqlDbType.Integer),
        cancellationToken);

    /// <summary>Merges ranges, or changes the partition, if all stand at one position; otherwise says where they are to stop.</summary>
    /// <returns>How many ranges there are, as <see cref="MergeSubscriptionFunction"/> says.</returns>
    public Task<int> MergeAsync(string name, int count, string? partition, CancellationToken cancellationToken) => CallAsync(
        name,
        $"select {schema}.{MergeSubscriptionFunction.Name}($1, $2, $3)",
        command => command.With(count, NpgsqlDbType.Integer).WithText(partition),
        cancellationToken);

    /// <summary>Lets ranges that are to stop go on.</summary>
    public Task ReleaseAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        name,
        "release",
        "{}",
        $"""
        update {schema}.{SubscriptionTables.Checkpoints} c
        set {RangeSql.Free(schema)}
        where c.subscription = $1 and c.stop_at is not null
        """,
        [],
        position: null,
        cancellationToken);

    /// <summary>Pauses a tenant, lets it go on, or moves it back, while all others go on.</summary>
    /// <param name="name">The subscription.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="isHeld">Whether it is paused from now on; <see langword="null"/> to leave that as it is.</param>
    /// <param name="to">The position it is moved back to; <see langword="null"/> for where it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SetApartAsync(string name, TenantId tenantId, bool? isHeld, long? to, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        var command = batch.Add($"select {schema}.{SetTenantApartFunction.Name}($1, $2, $3, $4)")
            .With(name, NpgsqlDbType.Text)
            .With(tenantId.Value, NpgsqlDbType.Text);
        _ = isHeld is { } held ? command.With(held, NpgsqlDbType.Boolean) : command.WithNull(NpgsqlDbType.Boolean);
        _ = to is { } position ? command.With(position, NpgsqlDbType.Bigint) : command.WithNull(NpgsqlDbType.Bigint);
        _ = await WriteAsync(name, batch, static row => row.IsDBNull(0) ? null : row.GetBoolean(0), cancellationToken)
            .ConfigureAwait(false) ?? throw new SubscriptionNotFoundException(name);
    }

    private async Task<int> CallAsync(
        string name, string call, Action<NpgsqlBatchCommand> complete, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        var command = batch.Add(call).With(name, NpgsqlDbType.Text);
        complete(command);
        return await WriteAsync(name, batch, static row => row.IsDBNull(0) ? null : row.GetInt32(0), cancellationToken)
            .ConfigureAwait(false) is int count
            ? count
            : throw new SubscriptionNotFoundException(name);
    }

    private async Task ChangeAsync(
        string name,
        string verb,
        string detail,
        string change,
        IReadOnlyList<string> others,
        long? position,
        CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_lock).With(name, NpgsqlDbType.Text);
        batch.Add(_lockRanges).With(name, NpgsqlDbType.Text);
        foreach (var statement in (IEnumerable<string>)[change, .. others])
        {
            var command = batch.Add(statement).With(name, NpgsqlDbType.Text);
            if (position is { } to && statement.Contains("$2", StringComparison.Ordinal))
                command.With(to, NpgsqlDbType.Bigint);
        }

        AddAudit(batch, name, verb, detail);
        var version = await WriteAsync(name, batch, Read, cancellationToken).ConfigureAwait(false);
        if (version is null)
            throw new SubscriptionNotFoundException(name);

        static object? Read(NpgsqlDataReader row) => row.GetName(0) == VersionColumn ? row.GetInt32(0) : null;
    }

    private async Task<object?> WriteAsync(
        string name, NpgsqlBatch batch, Func<NpgsqlDataReader, object?> read, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(batch, read, cancellationToken).ConfigureAwait(false);
        }
        catch (CommitOutcomeUnknownException unknown)
        {
            throw unknown.Of($"subscription '{name}' was changed");
        }
    }

    private void AddAudit(NpgsqlBatch batch, string name, string verb, string detail) => batch.Add($"""
            insert into {schema}.{EventTables.Audit} (verb, tenant, detail)
            select $2, '', jsonb_build_object('subscription', $1::text) || $3
            """)
        .With(name, NpgsqlDbType.Text)
        .With($"subscription-{verb}", NpgsqlDbType.Text)
        .With(detail, NpgsqlDbType.Jsonb);
}
