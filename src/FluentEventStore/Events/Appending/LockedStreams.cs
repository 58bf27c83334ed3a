using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Finds which streams somebody else has locked, or is about to create.</summary>
internal sealed class LockedStreams(Database database, SqlIdentifier schema)
{
    private static readonly Comparer<string> Order = Comparer<string>.Create(Utf8Order.Compare);

    private readonly string _find = $"select {schema}.{LockedStreamsFunction.Name}($1, $2)";

    public async Task<IReadOnlySet<(TenantId TenantId, StreamId StreamId)>> FindAsync(
        IEnumerable<(TenantId TenantId, StreamId StreamId)> streams, CancellationToken cancellationToken)
    {
        // In the order in which everybody locks.
        (TenantId TenantId, StreamId StreamId)[] asked =
        [
            .. streams.Distinct()
                .OrderBy(static stream => stream.TenantId.Value, Order)
                .ThenBy(static stream => stream.StreamId.Value, Order),
        ];
        using var batch = new NpgsqlBatch();
        batch.Add(_find)
            .With(Array.ConvertAll(asked, static stream => stream.TenantId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(Array.ConvertAll(asked, static stream => stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text);
        var places = await database.ReadFirstAsync(batch, static row => row.GetFieldValue<int[]>(0), cancellationToken)
            .ConfigureAwait(false);
        return places!.Select(place => asked[place - 1]).ToHashSet();
    }
}
