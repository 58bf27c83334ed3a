using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Subscriptions;

internal sealed class PositionLookup(Database database, SqlIdentifier schema, Settler settler)
{
    public async Task<long> FindAsync(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        var settled = (await settler.AskAsync(cancellationToken).ConfigureAwait(false)).Position;
        using var batch = new NpgsqlBatch();
        batch.Add($"select coalesce(min(e.position) - 1, $2) from {schema}.{EventTables.Events} e where e.recorded_at >= $1 and e.position <= $2")
            .With(instant.ToUniversalTime(), NpgsqlDbType.TimestampTz)
            .With(settled, NpgsqlDbType.Bigint);
        return await database.ReadFirstAsync(batch, static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
    }
}
