using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Judges a unit whose event ids were found in the store. Recorded events never change: a later round trip reads what the refused
/// transaction saw.
/// </summary>
internal sealed class RecordedUnit(Database database, SqlIdentifier schema)
{
    private readonly string _find = $"""
        select wanted.ordinal::integer, e.position, e.version, e.type, e.type_version, s.tenant, s.id
        from pg_catalog.unnest($1) with ordinality as wanted (id, ordinal)
        join {schema}.{EventTables.Events} e on e.id = wanted.id
        join {schema}.{EventTables.Streams} s on s.key = e.stream
        order by wanted.ordinal
        """;

    private readonly string _findLinks = $"""
        select l.version, l.position
        from rows from (pg_catalog.unnest($2), pg_catalog.unnest($3)) with ordinality as wanted (stream, id, ordinal)
        join {schema}.{EventTables.Streams} s on s.tenant = $1 and s.id = wanted.stream
        join {schema}.{LinksSchema.Links} l on l.stream = s.key and l.event_id = wanted.id
        order by wanted.ordinal
        """;

    private readonly LockedStreams _locked = new(database, schema);

    private readonly string _findById = $"select numbers from {schema}.{UnitsSchema.Units} where id = $1";

    /// <summary>The first commit of a unit that was recorded by its own id.</summary>
    public async Task<Commit> FindCommitAsync(Guid unitId, EventUnit? unit, CancellationToken cancellationToken) =>
        (await TryFindCommitAsync(unitId, unit, cancellationToken).ConfigureAwait(false))!;

    /// <summary>The first commit of the unit.</summary>
    /// <exception cref="DuplicateEventException">The ids exist, but not all of them, or not as the same unit.</exception>
    public async Task<Commit> FindCommitAsync(EventUnit unit, CancellationToken cancellationToken) =>
        await TryFindCommitAsync(unit, cancellationToken).ConfigureAwait(false) ?? throw new DuplicateEventException(RepeatedIn(unit));

    /// <summary>The first commit of a unit; <see langword="null"/> if the store knows nothing of it.</summary>
    /// <param name="unitId">The id that it is recorded by, if any.</param>
    /// <param name="unit">What it does to events.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="DuplicateEventException">The ids of its events exist, but not all of them, or not as the same unit.</exception>
    public async Task<Commit?> TryFindCommitAsync(Guid? unitId, EventUnit unit, CancellationToken cancellationToken) =>
        (unitId is { } id ? await TryFindCommitAsync(id, unit, cancellationToken).ConfigureAwait(false) : null)
        ?? (unit.Events.Length > 0 ? await TryFindCommitAsync(unit, cancellationToken).ConfigureAwait(false) : null);

    /// <summary>Whether a stream of the unit is locked or about to be created: somebody may be writing the unit then.</summary>
    public async Task<bool> MayBeUnderWayAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var streams = unit.Streams.Select(stream => (unit.TenantId, stream.StreamId));
        return (await _locked.FindAsync(streams, cancellationToken).ConfigureAwait(false)).Count > 0;
    }

    private async Task<Commit?> TryFindCommitAsync(Guid unitId, EventUnit? unit, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_findById).With(unitId, NpgsqlDbType.Uuid);
        var found = await database
            .ReadFirstAsync(batch, static row => row.GetFieldValue<long[]>(0), cancellationToken)
            .ConfigureAwait(false);
        if (found is not { } numbers)
            return null;

        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return unit is null ? Commit.WithoutEvents : unit.CommitAt(numbers[0], numbers.AsSpan(1));
    }

    private async Task<Commit?> TryFindCommitAsync(EventUnit unit, CancellationToken cancellationToken)
    {
        var known = new List<Guid>();
        var streams = new Dictionary<StreamId, StreamCommit>();
        var position = 0L;
        var isSame = true;
        var links = 0;
        using var batch = new NpgsqlBatch();
        batch.Add(_find).With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        if (unit.LinkedIds.Length > 0)
        {
            batch.Add(_findLinks)
                .With(unit.TenantId.Value, NpgsqlDbType.Text)
                .With(unit.LinkingStreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
                .With(unit.LinkedIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);
        }

        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var @event = unit.Events[rows.GetInt32(0) - 1];
                var streamId = unit.StreamOf(@event).StreamId;
                known.Add(@event.Id);
                isSame &= rows.GetString(3) == @event.Type.Name
                    && rows.GetInt32(4) == @event.Type.Version
                    && rows.GetString(5) == unit.TenantId.Value
                    && rows.GetString(6) == streamId.Value
                    && Extend(streamId, rows.GetInt64(1), rows.GetInt64(2));
            }

            // The links of the unit come after its events.
            if (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false))
            {
                for (; await rows.ReadAsync(cancellationToken).ConfigureAwait(false); links++)
                    isSame &= links < unit.LinkedIds.Length
                        && Extend(StreamId.Stored(unit.LinkingStreamIds[links]), rows.GetInt64(1), rows.GetInt64(0));
            }
        }

        if (known.Count == 0)
            return null;

        if (!isSame || known.Count < unit.Events.Length || links < unit.LinkedIds.Length)
            throw new DuplicateEventException(known);

        await database.AwaitStandbyAsync(cancellationToken).ConfigureAwait(false);
        return Commit.Of(position, unit.TenantId, streams);

        bool Extend(StreamId streamId, long at, long version)
        {
            var isNext = at > position;
            position = at;
            if (!streams.TryGetValue(streamId, out var soFar))
            {
                streams.Add(streamId, new StreamCommit(version, version));
                return isNext;
            }

            streams[streamId] = soFar with { Version = version };
            return isNext && version == soFar.Version + 1;
        }
    }

    // All, if none is repeated: what was there when the unit was refused has been erased since.
    private static IReadOnlyList<Guid> RepeatedIn(EventUnit unit)
    {
        var repeated = unit.EventIds.GroupBy(static id => id).Where(static same => same.Skip(1).Any()).Select(static same => same.Key);
        return repeated.ToList() is { Count: > 0 } ids ? ids : unit.EventIds;
    }
}
