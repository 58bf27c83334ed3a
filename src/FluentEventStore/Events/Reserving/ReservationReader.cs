using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Finds the stream that holds a value.</summary>
internal sealed class ReservationReader(Database database, SqlIdentifier schema)
{
    private readonly string _find = $"""
        select r.owner, coalesce(s.version, 0)
        from {schema}.{ReservationsSchema.Reservations} r
        left join lateral (
          select s.version
          from {schema}.{EventTables.Streams} s
          where s.tenant = r.tenant and s.id = r.owner
          limit 1
        ) as s on true
        where r.tenant = $1 and r.name = $2 and r.hash = {ReservationsSchema.HashOf("$3")}
        """;

    /// <summary>The stream, and the version that it is at while it holds the value; <see langword="null"/> if none does.</summary>
    public async Task<HoldingStream?> FindAsync(TenantId tenantId, string name, string value, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_find)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(name, NpgsqlDbType.Text)
            .With(value, NpgsqlDbType.Text);
        var found = await database
            .ReadAllAsync(batch, static row => new HoldingStream(new StreamId(row.GetString(0)), row.GetInt64(1)), cancellationToken)
            .ConfigureAwait(false);
        return found is [var holder] ? holder : null;
    }
}
