using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Projections;

/// <summary>
/// Writes the inline snapshots that are not there yet, in units of work that append nothing, each for some streams. They follow the same
/// rules as units that append, so this runs beside everything else, and can be begun anew after an interruption.
/// </summary>
internal sealed class SnapshotFilling(StoreWriting store, SqlIdentifier schema, DocumentTables documents)
{
    private const int PageSize = 500;

    // How many streams are locked together, and how many events are folded together.
    private const int StreamsOfUnit = 100;
    private const long EventsOfUnit = 5_000;

    private readonly string _page = $"""
        select key, tenant, id, version
        from {schema}.{EventTables.Streams}
        where key > $1
          and state = {StreamStates.Active}
          and version > 0
          and not linked
        order by key
        limit {PageSize}
        """;

    /// <returns>How many streams were looked at.</returns>
    public async Task<long> RunAsync(Type aggregateType, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (after, looked) = (0L, 0L);
        while (await ReadPageAsync(after, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var ofTenant in page.GroupBy(static stream => stream.TenantId))
                await KeepAsync(ofTenant.Key, [.. ofTenant], aggregateType, cancellationToken).ConfigureAwait(false);

            after = page[^1].Key;
            looked += page.Count;
            progress?.Report(looked);
        }

        return looked;
    }

    private async Task KeepAsync(TenantId tenantId, Head[] streams, Type aggregateType, CancellationToken cancellationToken)
    {
        var unit = new UnitOfWork(store, tenantId, isIdempotent: false, new SessionGate());
        var (count, events) = (0, 0L);
        var type = documents.Get(aggregateType).Type;
        foreach (var stream in streams.Where(stream => type.CanConvert(stream.StreamId)))
        {
            unit.Appends.KeepSnapshot(stream.StreamId, aggregateType);
            count++;
            events += stream.Version;
            if (count < StreamsOfUnit && events < EventsOfUnit)
                continue;

            await unit.SaveAsync(isWatched: true, cancellationToken).ConfigureAwait(false);
            (count, events) = (0, 0L);
        }

        await unit.SaveAsync(isWatched: true, cancellationToken).ConfigureAwait(false);
    }

    private async Task<List<Head>> ReadPageAsync(long after, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_page).With(after, NpgsqlDbType.Bigint);
        return await store.Database
            .ReadAllAsync(
                batch,
                static row => new Head(row.GetInt64(0), TenantId.Stored(row.GetString(1)), new StreamId(row.GetString(2)), row.GetInt64(3)),
                cancellationToken)
            .ConfigureAwait(false);
    }

    private readonly record struct Head(long Key, TenantId TenantId, StreamId StreamId, long Version);
}
