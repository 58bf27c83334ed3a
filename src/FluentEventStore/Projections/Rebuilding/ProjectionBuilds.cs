using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using Npgsql;
using NpgsqlTypes;
using RangeSql = FluentEventStore.Subscriptions.RangeSql;

namespace FluentEventStore.Projections;

/// <summary>
/// Which tables of the declared projections are kept and built. Everything that decides it is in the database, so that any process goes on
/// with what another one began.
/// </summary>
internal sealed class ProjectionBuilds(
    Database database, SqlIdentifier schema, Settler settler, IReadOnlyList<DeclaredProjection> declared) : IProjectionBuilds
{
    /// <summary>How many positions what is built may be behind when what serves is asked to stop for the switch.</summary>
    private const long NearEnough = 2_000;

    private readonly string _begin = $"""
        select b.slot, b.building, b.fault from {schema}.{BeginProjectionFunction.Name}($1, $2, $3, $4, $5, $6) b
        """;

    private readonly string _rows = $"""
        select p.name, p.version, p.slot, p.building, p.ready, p.serves, p.by_command, p.inline
        from {schema}.{ProjectionTables.Projections} p
        where p.name = any ($1)
        order by p.name, p.version
        """;

    private readonly string _progress = $"""
        select pg_catalog.min(c.position) filter (where c.subscription = $1),
               pg_catalog.max(c.position) filter (where c.subscription = $2),
               {SwitchProjectionFunction.IsCarried(schema, "$2")},
               coalesce(pg_catalog.bool_and(c.stop_at is not null) and pg_catalog.min(c.stop_at) = pg_catalog.max(c.stop_at), false)
        from {schema}.{SubscriptionTables.Checkpoints} c
        where c.subscription in ($1, $2)
        """;

    // Those who build it may be gone. Then nobody else lets what serves go on.
    private readonly string _release = $"""
        with waiting as (
          select c.subscription, c.version, c.first, c.tenant
          from {schema}.{SubscriptionTables.Checkpoints} c
          where c.subscription = $1
            and c.stop_at is not null
            and not ({SwitchProjectionFunction.IsCarried(schema, "$2")})
          order by c.subscription, c.version, c.first, c.tenant
          for update
        )
        update {schema}.{SubscriptionTables.Checkpoints} c
        set {RangeSql.Free(schema)}
        from waiting w
        where (c.subscription, c.version, c.first, c.tenant) = (w.subscription, w.version, w.first, w.tenant)
        """;

    private readonly string _switch = $"select {schema}.{SwitchProjectionFunction.Name}($1, $2, $3, $4, $5, $6)";

    private readonly string[] _names = [.. declared.Select(static one => one.Name)];

    public async Task<IReadOnlyCollection<ProjectionBuild>> BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var one in declared)
        {
            using var batch = new NpgsqlBatch();
            batch.Add(_begin)
                .With(one.Name, NpgsqlDbType.Text)
                .With(one.Version, NpgsqlDbType.Integer)
                .With(new ProjectionBuild(one.Name, one.Version, 0).Subscription, NpgsqlDbType.Text)
                .With(
                    one.Derived.Where(static type => !type.IsOfStreams).Select(static type => type.Tables[0].Name).ToArray(),
                    NpgsqlDbType.Array | NpgsqlDbType.Text)
                .With(one.IsSwitchedByCommand, NpgsqlDbType.Boolean)
                .With(one.Derived.All(static type => type.IsOfStreams), NpgsqlDbType.Boolean);
            var fault = await database
                .WriteAsync(batch, static row => row.IsDBNull(2) ? "" : row.GetString(2), cancellationToken)
                .ConfigureAwait(false);
            if (fault is { Length: > 0 })
                throw new InvalidOperationException($"The projection '{one.Name}' cannot be kept: {fault}.");
        }

        return await ActiveAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyCollection<ProjectionBuild>> ActiveAsync(CancellationToken cancellationToken)
    {
        List<ProjectionBuild> active = [];
        foreach (var row in await OwnAsync(cancellationToken).ConfigureAwait(false))
        {
            if (row.Ready)
                active.Add(new ProjectionBuild(row.Name, row.Version, row.Slot));

            if (row.Building is { } building)
                active.Add(new ProjectionBuild(row.Name, row.Version, building));
        }

        return active;
    }

    public async Task<IReadOnlyCollection<ProjectionBuild>> ServingAsync(CancellationToken cancellationToken)
    {
        var rows = await FetchAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. declared.Select(one =>
                rows.Find(row => row.Name == one.Name && row.Version == one.Version && row.Ready)
                    ?? rows.Find(row => row.Name == one.Name && row.Serves))
                .OfType<ProjectionRow>()
                .Where(static row => !row.Inline)
                .Select(static row => new ProjectionBuild(row.Name, row.Version, row.Slot)),
        ];
    }

    public async Task TendAsync(CancellationToken cancellationToken)
    {
        var rows = await FetchAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in rows.Where(static row => row.Building is not null))
        {
            if (!IsOwn(row))
                await ReleaseAsync(row, rows, cancellationToken).ConfigureAwait(false);

            // A switch that somebody has begun keeps what serves waiting, and is ended whoever began it.
            else if (!row.ByCommand || await IsBegunAsync(row, rows, cancellationToken).ConfigureAwait(false))
                await TrySwitchAsync(row, rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a step towards the switch.</summary>
    /// <returns>
    /// The position of the switch; <see cref="SwitchProjectionFunction.IsParked"/> if keys are parked; <see langword="null"/> as long as it
    /// is on its way.
    /// </returns>
    public async Task<long?> TrySwitchAsync(ProjectionRow row, IReadOnlyList<ProjectionRow> rows, CancellationToken cancellationToken)
    {
        if (row.Building is not { } slot)
            return null;

        var built = new ProjectionBuild(row.Name, row.Version, slot).Subscription;
        var serving = ServingBeside(row, rows);
        var (lowest, highest, isCarried, _) = await ProgressAsync(built, serving, cancellationToken).ConfigureAwait(false);
        var head = (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
        if (lowest is null || (isCarried ? highest ?? head : head) - lowest > NearEnough)
            return null;

        using var batch = new NpgsqlBatch();
        batch.Add(_switch)
            .With(row.Name, NpgsqlDbType.Text)
            .With(row.Version, NpgsqlDbType.Integer)
            .With((short)slot, NpgsqlDbType.Smallint)
            .With(built, NpgsqlDbType.Text)
            .With(serving, NpgsqlDbType.Text)
            .With(head, NpgsqlDbType.Bigint);
        return (long?)await database
            .WriteAsync<object>(batch, static row => row.IsDBNull(0) ? null : row.GetInt64(0), cancellationToken)
            .ConfigureAwait(false);
    }

    private static string ServingBeside(ProjectionRow row, IReadOnlyList<ProjectionRow> rows) =>
        rows.FirstOrDefault(one => one.Name == row.Name && one.Serves) is { } serves
            ? new ProjectionBuild(serves.Name, serves.Version, serves.Slot).Subscription
            : "";

    private async Task<bool> IsBegunAsync(ProjectionRow row, List<ProjectionRow> rows, CancellationToken cancellationToken)
    {
        var built = new ProjectionBuild(row.Name, row.Version, row.Building!.Value).Subscription;
        return (await ProgressAsync(built, ServingBeside(row, rows), cancellationToken).ConfigureAwait(false)).AreMarked;
    }

    private async Task ReleaseAsync(ProjectionRow row, List<ProjectionRow> rows, CancellationToken cancellationToken)
    {
        if (!rows.Exists(one => one.Name == row.Name && one.Serves && IsOwn(one)))
            return;

        using var batch = new NpgsqlBatch();
        batch.Add(_release)
            .With(ServingBeside(row, rows), NpgsqlDbType.Text)
            .With(new ProjectionBuild(row.Name, row.Version, row.Building!.Value).Subscription, NpgsqlDbType.Text);
        await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All versions of the declared projections.</summary>
    public async Task<List<ProjectionRow>> FetchAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_rows).With(_names, NpgsqlDbType.Array | NpgsqlDbType.Text);
        return await database.ReadAllAsync(
            batch,
            static row => new ProjectionRow(
                row.GetString(0),
                row.GetInt32(1),
                row.GetInt16(2),
                row.IsDBNull(3) ? null : row.GetInt16(3),
                row.GetBoolean(4),
                row.GetBoolean(5),
                row.GetBoolean(6),
                row.GetBoolean(7)),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<(long? Lowest, long? Highest, bool IsCarried, bool AreMarked)> ProgressAsync(
        string built, string serving, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_progress).With(built, NpgsqlDbType.Text).With(serving, NpgsqlDbType.Text);
        return (await database.ReadAllAsync(
            batch,
            static row => (
                row.IsDBNull(0) ? default(long?) : row.GetInt64(0),
                row.IsDBNull(1) ? default(long?) : row.GetInt64(1),
                row.GetBoolean(2),
                row.GetBoolean(3)),
            cancellationToken).ConfigureAwait(false))[0];
    }

    private async Task<IEnumerable<ProjectionRow>> OwnAsync(CancellationToken cancellationToken) =>
        (await FetchAsync(cancellationToken).ConfigureAwait(false)).Where(IsOwn);

    private bool IsOwn(ProjectionRow row) => declared.Any(one => one.Name == row.Name && one.Version == row.Version);
}
