using FluentEventStore.Aggregates;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Sessions;

/// <summary>
/// Gives streams the natural keys that their events lead to, as far as they have none. A key is written on condition that the stream still
/// is as it was read, so this runs beside everything else, and can be begun anew after an interruption.
/// </summary>
internal sealed class KeyFilling(StoreWriting store, StoreReading reading, SqlIdentifier schema)
{
    private const int PageSize = 100;

    private static readonly StreamSpan WholeStream = StreamSpan.All with { IncludesArchived = true };

    private readonly string _page = $"""
        select s.key, s.tenant, s.id, s.version
        from {schema}.{EventTables.Streams} s
        where s.key > $1
          and s.state <= {StreamStates.Archived}
          and s.version > 0
          and (s.aggregate_type is null or s.aggregate_type = $2)
          and not exists (
            select
            from {schema}.{ReservationsSchema.Reservations} r
            where r.tenant = s.tenant and r.owner = s.id and r.name = $3)
          and exists (
            select
            from {schema}.{EventTables.Events} e
            where e.stream = s.key and e.type = any ($4))
        order by s.key
        limit {PageSize}
        """;

    public async Task<NaturalKeyReport> RunAsync(NaturalKey key, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (after, looked, filled) = (0L, 0L, 0L);
        List<NaturalKeyConflict> conflicts = [];
        while (await ReadPageAsync(key, after, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var ofTenant in page.GroupBy(static stream => stream.TenantId))
                filled += await FillAsync(key, [.. ofTenant], conflicts, cancellationToken).ConfigureAwait(false);

            after = page[^1].Key;
            looked += page.Count;
            progress?.Report(looked);
        }

        return new NaturalKeyReport(looked, filled, conflicts);
    }

    /// <returns>How many streams got a key.</returns>
    private async Task<int> FillAsync(
        NaturalKey key, IReadOnlyList<Head> streams, List<NaturalKeyConflict> conflicts, CancellationToken cancellationToken)
    {
        var unit = new UnitOfWork(store, streams[0].TenantId, isIdempotent: false, new SessionGate());
        var keyed = new List<Head>(streams.Count);
        foreach (var stream in streams)
        {
            var (value, version) = await FoldAsync(key, stream, cancellationToken).ConfigureAwait(false);
            if (value is null)
                continue;

            unit.Appends.Reservations.Fill(ReservationNames.OfAggregate(key.Aggregate), value, stream.StreamId, version);
            keyed.Add(stream);
        }

        try
        {
            await unit.SaveAsync(isWatched: true, cancellationToken).ConfigureAwait(false);
            return keyed.Count;
        }
        catch (Exception failure) when (failure is StreamVersionConflictException or DuplicateNaturalKeyException && keyed.Count > 1)
        {
            var filled = 0;
            foreach (var stream in keyed)
                filled += await FillAsync(key, [stream], conflicts, cancellationToken).ConfigureAwait(false);

            return filled;
        }
        catch (StreamVersionConflictException)
        {
            // Somebody appends to the stream just now.
            return await FillAsync(key, keyed, conflicts, cancellationToken).ConfigureAwait(false);
        }
        catch (DuplicateNaturalKeyException conflict)
        {
            conflicts.Add(new NaturalKeyConflict(conflict.TenantId, conflict.StreamId, conflict.Key, conflict.HeldBy));
            return 0;
        }
    }

    /// <summary>The key that a stream has by its events, and the version that they lead to. Events of others do not count.</summary>
    private async Task<(string? Value, long Version)> FoldAsync(NaturalKey key, Head stream, CancellationToken cancellationToken)
    {
        var (value, version) = (default(string), stream.Version);
        await reading.Streams.VisitAsync(stream.TenantId, stream.StreamId, WholeStream, Visit, cancellationToken).ConfigureAwait(false);
        return (value, version);

        void Visit(IEvent @event)
        {
            version = Math.Max(version, @event.Link?.Version ?? @event.Version);
            if (@event.Link is null && NaturalKeys.TryGetKey(key, @event, out var set))
                value = set;
        }
    }

    private async Task<List<Head>> ReadPageAsync(NaturalKey key, long after, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_page)
            .With(after, NpgsqlDbType.Bigint)
            .With(key.Aggregate, NpgsqlDbType.Text)
            .With(ReservationNames.OfAggregate(key.Aggregate), NpgsqlDbType.Text)
            .With(EventCatalog.NamesReadAs(key.EventTypes).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        return await store.Database
            .ReadAllAsync(
                batch,
                static row => new Head(row.GetInt64(0), TenantId.Stored(row.GetString(1)), new StreamId(row.GetString(2)), row.GetInt64(3)),
                cancellationToken)
            .ConfigureAwait(false);
    }

    private readonly record struct Head(long Key, TenantId TenantId, StreamId StreamId, long Version);
}
