using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Writes units that only append, alone or many together.</summary>
internal sealed class LaneWriter(Database database, SqlIdentifier schema, UnitStatements statements)
{
    private readonly CombinedStatements _combined = new(schema);
    private readonly LockedStreams _locked = new(database, schema);

    /// <summary>What is told of what is written.</summary>
    public StoreTelemetry Telemetry => database.Telemetry;

    /// <summary>How long a unit waits for what others hold.</summary>
    public TimeSpan Patience => database.Patience;

    /// <summary>Writes one unit, which waits for a lock as long as a statement may run.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AppendOutcome> WriteAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        if (unit.Keys is not null)
        {
            using var checking = new NpgsqlBatch();
            statements.AddKeyCheck(checking, unit);
            statements.AddAppend(checking, unit);
            return await SendAsync(checking, unit, cancellationToken).ConfigureAwait(false);
        }

        var append = statements.AppendOf(unit);
        var batch = append.Take(unit);
        var outcome = await SendAsync(batch, unit, cancellationToken).ConfigureAwait(false);
        append.GiveBack(batch);
        return outcome;
    }

    /// <summary>Writes units together, each whole or refused by itself.</summary>
    /// <param name="units">The units.</param>
    /// <param name="longestWait">How long they wait for a lock; <see cref="TimeSpan.Zero"/> for as long as a statement may run.</param>
    /// <param name="cancellationToken">Cancels all of them.</param>
    /// <exception cref="PostgresException">
    /// All were refused: with <see cref="PostgresErrorCodes.LockNotAvailable"/> if one waited for too long.
    /// </exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AppendOutcome[]> WriteAsync(EventUnit[] units, TimeSpan longestWait, CancellationToken cancellationToken)
    {
        var combined = new CombinedUnits(units, longestWait);
        if (Array.Exists(units, static unit => unit.Keys is not null))
        {
            using var checking = new NpgsqlBatch();
            statements.AddKeyCheck(checking, units);
            _combined.Append.AddTo(checking, combined);
            return await SendAsync(checking, combined, cancellationToken).ConfigureAwait(false);
        }

        var batch = _combined.Append.Take(combined);
        var outcomes = await SendAsync(batch, combined, cancellationToken).ConfigureAwait(false);
        _combined.Append.GiveBack(batch);
        return outcomes;
    }

    /// <summary>Finds which of the given streams somebody else has locked, or is about to create.</summary>
    public Task<IReadOnlySet<(TenantId TenantId, StreamId StreamId)>> FindLockedAsync(
        IEnumerable<(TenantId TenantId, StreamId StreamId)> streams, CancellationToken cancellationToken) =>
        _locked.FindAsync(streams, cancellationToken);

    /// <summary>How many connections may wait for locked streams at a time: a quarter of all, so that the others go on.</summary>
    public async ValueTask<int> FindMostWaitingAsync(CancellationToken cancellationToken)
    {
        var source = await database.Connections.FindDataSourceAsync(cancellationToken).ConfigureAwait(false);
        return Math.Max(1, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize / 4);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome> SendAsync(NpgsqlBatch batch, EventUnit unit, CancellationToken cancellationToken) =>
        new((await database.WriteAsync(batch, unit, UnitStatements.ReadCommit, cancellationToken).ConfigureAwait(false))!);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AppendOutcome[]> SendAsync(NpgsqlBatch batch, CombinedUnits units, CancellationToken cancellationToken) =>
        (await database.WriteAsync(batch, units, CombinedStatements.ReadOutcomes, cancellationToken).ConfigureAwait(false))!;
}
