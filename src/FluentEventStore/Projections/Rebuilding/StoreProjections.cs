using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using Npgsql;
using NpgsqlTypes;
using RangeSql = FluentEventStore.Subscriptions.RangeSql;

namespace FluentEventStore.Projections;

/// <inheritdoc cref="IStoreProjections"/>
internal sealed class StoreProjections(
    Database database,
    SqlIdentifier schema,
    Settler settler,
    ProjectionBuilds builds,
    IReadOnlyList<DeclaredProjection> declared,
    Func<CancellationToken, Task<IReadOnlyList<SubscriptionStatus>>> subscriptions,
    TimeProvider clock) : IStoreProjections
{
    /// <summary>How often it is looked whether what is built has got to where it can serve.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly string _rebuild = $"select {schema}.{BeginRebuildFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    // Only what can serve already may be left unfinished.
    private readonly string _cancel = $"""
        with cancelled as (
          update {schema}.{ProjectionTables.Projections} p
          set building = null
          where p.name = $1 and p.version = $2 and p.ready and p.building is not null
          returning p.building
        ), freed as (
          update {schema}.{SubscriptionTables.Checkpoints} c
          set {RangeSql.Free(schema)}, paused = c.paused or c.subscription = $3
          where c.subscription = any ($4) and exists (select from cancelled)
        )
        select pg_catalog.count(*) from cancelled
        """;

    private readonly string _back = $"""
        with returned as (
          update {schema}.{ProjectionTables.Projections} p
          set building = 1 - p.slot
          where p.name = $1 and p.version = $2 and p.building is null and p.switched_at is not null
            and exists (select from {schema}.{SubscriptionTables.Subscriptions} s where s.name = $3)
          returning p.building
        )
        update {schema}.{SubscriptionTables.Checkpoints} c
        set paused = false, {RangeSql.Free(schema)}
        where c.subscription = $3 and exists (select from returned)
        returning 1
        """;

    public async Task<IReadOnlyList<ProjectionStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        var rows = await builds.FetchAsync(cancellationToken).ConfigureAwait(false);
        var all = await subscriptions(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => StatusOf(row, all))];
    }

    public async Task RebuildAsync(string projection, CancellationToken cancellationToken = default)
    {
        var one = Find(projection);
        var settled = (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
        var declarations = one.Declare().ToArray();
        var ranges = RangeKey.Split(declarations[0].Concurrency);
        using var batch = new NpgsqlBatch();
        batch.Add(_rebuild)
            .With(one.Name, NpgsqlDbType.Text)
            .With(one.Version, NpgsqlDbType.Integer)
            .With(Array.ConvertAll(declarations, static slot => slot.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(
                Enumerable.Range(0, one.Slots).SelectMany(slot => one.Derived.Select(type => type.Tables[slot].Name)).ToArray(),
                NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(declarations[0].Fingerprint, NpgsqlDbType.Text)
            .With(declarations[0].Partition.Name, NpgsqlDbType.Text)
            .With(settled, NpgsqlDbType.Bigint)
            .With(ranges.Select(static range => range.First).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
            .With(ranges.Select(static range => range.Last).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
        var slot = (int?)await database
            .WriteAsync<object>(batch, static row => row.IsDBNull(0) ? null : (int)row.GetInt16(0), cancellationToken)
            .ConfigureAwait(false);
        if (slot is null)
            throw new InvalidOperationException($"No daemon has begun to keep the projection '{projection}' yet.");

        if (slot == BeginRebuildFunction.IsBuilding)
            throw new ProjectionBusyException(projection);
    }

    /// <summary>Rebuilds, and waits until that serves.</summary>
    public async Task RunAsync(string projection, CancellationToken cancellationToken)
    {
        await RebuildAsync(projection, cancellationToken).ConfigureAwait(false);
        await SwitchAsync(projection, cancellationToken).ConfigureAwait(false);
    }

    public async Task CancelRebuildAsync(string projection, CancellationToken cancellationToken = default)
    {
        var (one, row) = await FetchAsync(projection, cancellationToken).ConfigureAwait(false);
        if (row?.Building is not { } building)
            return;

        if (!row.Ready)
            throw new InvalidOperationException(
                $"Version {one.Version} of '{projection}' is being built for the first time: it ends with the processes that declare it.");

        using var batch = new NpgsqlBatch();
        var built = new ProjectionBuild(one.Name, one.Version, building).Subscription;
        batch.Add(_cancel)
            .With(one.Name, NpgsqlDbType.Text)
            .With(one.Version, NpgsqlDbType.Integer)
            .With(built, NpgsqlDbType.Text)
            .With(
                new[] { built, new ProjectionBuild(one.Name, one.Version, row.Slot).Subscription },
                NpgsqlDbType.Array | NpgsqlDbType.Text);
        await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long?> SwitchAsync(string projection, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var rows = await builds.FetchAsync(cancellationToken).ConfigureAwait(false);
            var one = Find(projection);
            if (rows.Find(row => row.Name == one.Name && row.Version == one.Version) is not { Building: { } building } row)
                return null;

            var position = await builds.TrySwitchAsync(row, rows, cancellationToken).ConfigureAwait(false);
            if (position == SwitchProjectionFunction.IsParked)
                throw new SubscriptionStoppedException(projection, 0, 0, "keys of it are parked: replay or drop them.");

            if (position is not null)
                return position;

            await CheckGoingAsync(new ProjectionBuild(one.Name, one.Version, building), cancellationToken).ConfigureAwait(false);
            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task SwitchBackAsync(string projection, CancellationToken cancellationToken = default)
    {
        var (one, row) = await FetchAsync(projection, cancellationToken).ConfigureAwait(false);
        if (row is { Building: not null })
            throw new ProjectionBusyException(projection);

        using var batch = new NpgsqlBatch();
        batch.Add(_back)
            .With(one.Name, NpgsqlDbType.Text)
            .With(one.Version, NpgsqlDbType.Integer)
            .With(new ProjectionBuild(one.Name, one.Version, 1 - (row?.Slot ?? 0)).Subscription, NpgsqlDbType.Text);
        if (!await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException($"There is nothing to go back to: '{projection}' was not rebuilt.");
    }

    public async Task<ProjectionComparison?> CompareAsync(string projection, CancellationToken cancellationToken = default)
    {
        var rows = await builds.FetchAsync(cancellationToken).ConfigureAwait(false);
        var one = Find(projection);
        if (rows.Find(row => row.Name == one.Name && row.Version == one.Version) is not { Building: { } building }
            || rows.Find(row => row.Name == one.Name && row.Serves) is not { } serving)
            return null;

        var comparing = new TableComparing(database, schema);
        ProjectionComparison? all = null;
        foreach (var type in one.Derived)
        {
            var serves = new DerivedType(type.Type, one.Name, serving.Version, IsOfStreams: false);
            var found = await comparing.RunAsync(serves, serving.Slot, type, building, cancellationToken).ConfigureAwait(false);
            all = all is null ? found : TableComparing.Sum(all, found);
        }

        return all;
    }

    /// <summary>Why a view cannot be read: it may be of an older version.</summary>
    public async Task<Exception> ExplainAsync(
        DocumentTable table, DocumentSerializationException failure, CancellationToken cancellationToken)
    {
        var (name, version) = (table.Derived!.Projection, table.Derived.Version);
        var all = await StatusAsync(cancellationToken).ConfigureAwait(false);
        var row = all.FirstOrDefault(one => one.Name == name && one.Version == version);
        return row is { Position: not null } ? failure : new ProjectionNotReadyException(name, version, row?.Build, failure);
    }

    private async Task CheckGoingAsync(ProjectionBuild build, CancellationToken cancellationToken)
    {
        var all = await subscriptions(cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(one => one.Name == build.Subscription) is
            { State: SubscriptionState.Faulted or SubscriptionState.Paused } stopped)
            throw new SubscriptionStoppedException(
                build.Projection, stopped.Position, stopped.Position + stopped.Lag, $"it is {stopped.State}. {stopped.Failure}");
    }

    private async Task<(DeclaredProjection Declared, ProjectionRow? Row)> FetchAsync(string projection, CancellationToken cancellationToken)
    {
        var one = Find(projection);
        var rows = await builds.FetchAsync(cancellationToken).ConfigureAwait(false);
        return (one, rows.Find(row => row.Name == one.Name && row.Version == one.Version));
    }

    private DeclaredProjection Find(string projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var found = declared.FirstOrDefault(one => one.Name == projection)
            ?? throw new ArgumentException($"The store declares no projection '{projection}' that a daemon keeps.", nameof(projection));
        return found.Slots == 2
            ? found
            : throw new ArgumentException(
                $"'{projection}' keeps snapshots, which are rebuilt in place: FillSnapshotsAsync does that.", nameof(projection));
    }

    private static ProjectionStatus StatusOf(ProjectionRow row, IReadOnlyList<SubscriptionStatus> all)
    {
        var kept = row.Ready ? Of(row.Slot) : null;
        return new ProjectionStatus(
            row.Name,
            row.Version,
            row.Serves,
            kept?.Position,
            kept?.Lag ?? 0,
            row.Building is { } building && Of(building) is { } built
                ? new ProjectionBuildStatus(built.Name, built.Position, built.Lag, built.Rate)
                : null);

        SubscriptionStatus? Of(int slot) =>
            all.LastOrDefault(one => one.Name == new ProjectionBuild(row.Name, row.Version, slot).Subscription);
    }
}
