using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Judges a unit whose event ids were found in the store. Recorded events never change, so what a later round trip reads of them is what the
/// refused transaction saw.
/// </summary>
internal sealed class RecordedUnit(Database database, SqlIdentifier schema)
{
    private readonly string _find = $"""
        select wanted.ordinal::integer, e.position, e.version, e.type, e.type_version, s.tenant, s.id
        from pg_catalog.unnest($1) with ordinality as wanted (id, ordinal)
        join {schema}.events e on e.id = wanted.id
        join {schema}.streams s on s.key = e.stream
        order by wanted.ordinal
        """;

    private readonly string _findById = $"select numbers from {schema}.units where id = $1";

    /// <summary>The first commit of a unit that was recorded by its own id.</summary>
    public async Task<Commit> FindCommitAsync(Guid unitId, EventUnit? unit, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_findById).With(unitId, NpgsqlDbType.Uuid);
        var numbers = (await database.ReadFirstAsync(batch, static row => row.GetFieldValue<long[]>(0), cancellationToken).ConfigureAwait(false))!;
        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return unit is null ? Commit.WithoutEvents : unit.CommitAt(numbers[0], numbers.AsSpan(1));
    }

    /// <summary>The first commit of the unit.</summary>
    /// <exception cref="DuplicateEventException">The ids exist, but not all of them, or not as the same unit.</exception>
    public async Task<Commit> FindCommitAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var known = new List<Guid>();
        var streams = new Dictionary<StreamId, StreamCommit>();
        var position = 0L;
        var isSame = true;
        using var batch = new NpgsqlBatch();
        batch.Add(_find).With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var index = rows.GetInt32(0) - 1;
                var streamId = unit.Streams[unit.StreamOrdinals[index] - 1].StreamId;
                var version = rows.GetInt64(2);
                known.Add(unit.EventIds[index]);
                isSame &= rows.GetInt64(1) > position
                    && rows.GetString(3) == unit.TypeNames[index]
                    && rows.GetInt32(4) == unit.TypeVersions[index]
                    && rows.GetString(5) == unit.TenantId.Value
                    && rows.GetString(6) == streamId.Value;
                position = rows.GetInt64(1);
                isSame &= Extend(streams, streamId, version);
            }
        }

        if (isSame && known.Count == unit.EventIds.Length)
        {
            await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
            return new Commit(position, streams);
        }

        throw new DuplicateEventException(known.Count > 0 ? known : RepeatedIn(unit));
    }

    private static List<Guid> RepeatedIn(EventUnit unit) =>
        [.. unit.EventIds.GroupBy(static id => id).Where(static same => same.Skip(1).Any()).Select(static same => same.Key)];

    private static bool Extend(Dictionary<StreamId, StreamCommit> streams, StreamId streamId, long version)
    {
        if (!streams.TryGetValue(streamId, out var soFar))
        {
            streams.Add(streamId, new StreamCommit(version, version));
            return true;
        }

        streams[streamId] = soFar with { Version = version };
        return version == soFar.Version + 1;
    }
}
