using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Writes units that only append, alone or many together.</summary>
internal sealed class LaneWriter(Database database, SqlIdentifier schema, UnitStatements statements)
{
    private readonly CombinedStatements _combined = new(schema);
    private readonly LockedStreams _locked = new(database, schema);

    /// <summary>How long a unit waits for what others hold.</summary>
    public TimeSpan Patience => database.Patience;

    /// <summary>Writes one unit; it waits for a lock as long as a statement may run.</summary>
    public async Task<AppendOutcome> WriteAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        statements.AddKeyCheck(batch, unit);
        statements.AddAppend(batch, unit);
        return new AppendOutcome((await database.WriteAsync(batch, row => UnitStatements.ReadCommit(row, unit), cancellationToken).ConfigureAwait(false))!);
    }

    /// <summary>Writes units together, each whole or refused by itself.</summary>
    /// <param name="units">The units.</param>
    /// <param name="longestWait">How long they wait for a lock; <see cref="TimeSpan.Zero"/> for as long as a statement may run.</param>
    /// <param name="cancellationToken">Cancels all of them.</param>
    /// <exception cref="PostgresException">All were refused: <see cref="PostgresErrorCodes.LockNotAvailable"/> where one waited for too long.</exception>
    public async Task<AppendOutcome[]> WriteAsync(EventUnit[] units, TimeSpan longestWait, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        statements.AddKeyCheck(batch, units);
        _combined.Add(batch, units, longestWait);
        return (await database.WriteAsync(batch, row => CombinedStatements.ReadOutcomes(row, units), cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Finds out which of some streams somebody else has locked, or is about to create.</summary>
    public Task<IReadOnlySet<(TenantId TenantId, StreamId StreamId)>> FindLockedAsync(
        IEnumerable<(TenantId TenantId, StreamId StreamId)> streams, CancellationToken cancellationToken) => _locked.FindAsync(streams, cancellationToken);

    /// <summary>How many connections may wait for locked streams at a time: a quarter of those that there are, so that the rest goes on.</summary>
    public async ValueTask<int> FindMostWaitingAsync(CancellationToken cancellationToken)
    {
        var source = await database.Connections.FindDataSourceAsync(cancellationToken).ConfigureAwait(false);
        return Math.Max(1, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize / 4);
    }
}
