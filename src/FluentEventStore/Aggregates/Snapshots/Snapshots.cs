using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Aggregates;

/// <summary>Keeps the states that streams were folded to, and removes them.</summary>
internal sealed class Snapshots(Database database, SqlIdentifier schema)
{
    // The shape repeats the version: a row that contradicts itself is not used. A state is not kept if the past of its stream was changed
    // since it was read, if the stream is hidden or linked by now, or if a later state is there.
    private readonly string _keep = $"""
        insert into {schema}.{SnapshotsSchema.Snapshots} as n (stream, aggregate, version, rewritten, shape, data)
        select s.key, $2, $3, s.rewritten, $5 || '/' || $3::bigint, $6
        from {schema}.{EventTables.Streams} s
        where s.key = $1
          and s.rewritten = $4
          and s.version >= $3
          and s.state = {StreamStates.Active}
          and not s.linked
        on conflict (stream, aggregate) do update
        set version = excluded.version,
            rewritten = excluded.rewritten,
            shape = excluded.shape,
            data = excluded.data
        where n.version <= excluded.version
          or n.rewritten <> excluded.rewritten
          or n.shape <> $5 || '/' || n.version
        """;

    // The row is locked by somebody who keeps a later state, or who changes the past of the stream and has not committed yet. Either way
    // this state is not needed any more.
    private const string WaitForNobody = "select pg_catalog.set_config('lock_timeout', '1', true)";

    private readonly string _delete = $"""
        with deleted as (
          delete from {schema}.{SnapshotsSchema.Snapshots}
          where aggregate = $1
          returning 1
        )
        select pg_catalog.count(*)
        from deleted
        """;

    /// <summary>Keeps a state. If that fails, only time is lost: the stream is folded again.</summary>
    /// <param name="fold">What was read.</param>
    /// <param name="version">The version up to which it was folded.</param>
    /// <param name="json">The state.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    public async Task KeepAsync(SnapshotFold fold, long version, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(WaitForNobody);
        batch.Add(_keep)
            .With(fold.StreamKey, NpgsqlDbType.Bigint)
            .With(fold.Aggregate, NpgsqlDbType.Text)
            .With(version, NpgsqlDbType.Bigint)
            .With(fold.Rewritten, NpgsqlDbType.Integer)
            .With(fold.Shape, NpgsqlDbType.Text)
            .With(json, NpgsqlDbType.Jsonb);
        try
        {
            await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or CommitOutcomeUnknownException)
        {
            // The role may not write, or the connection broke: the reader has what it came for.
        }
    }

    public async Task<long> DeleteAsync(string aggregate, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_delete).With(aggregate, NpgsqlDbType.Text);
        return await database.WriteAsync(batch, static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
    }
}
