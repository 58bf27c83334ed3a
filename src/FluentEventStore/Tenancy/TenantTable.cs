using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Tenancy;

/// <summary>Tenants that stand in a table of the application.</summary>
/// <param name="dataSource">Leads to the table.</param>
/// <param name="table">The table as it stands in SQL.</param>
internal sealed class TenantTable(NpgsqlDataSource dataSource, string table) : ITenantDatabases
{
    private readonly Database _database = new(dataSource, static _ => Task.CompletedTask);

    private readonly string _find = $"""
        select connection_string
        from {table}
        where tenant = $1
          and connection_string is not null
        """;

    private readonly string _list = $"""
        select tenant
        from {table}
        where connection_string is not null
        order by tenant
        """;

    public async ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_find).With(tenantId.Value, NpgsqlDbType.Text);
        return await _database.ReadFirstAsync(batch, static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_list);
        return await _database.ReadAllAsync(batch, static row => new TenantId(row.GetString(0)), cancellationToken).ConfigureAwait(false);
    }
}
