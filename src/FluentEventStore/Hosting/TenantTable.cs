using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Hosting;

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
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_find).With(tenantId.Value, NpgsqlDbType.Text);
            var rows = await _database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
                return await rows.ReadAsync(cancellationToken).ConfigureAwait(false) ? rows.GetString(0) : null;
        }
    }

    public async ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken)
    {
        List<TenantId> tenants = [];
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_list);
            var rows = await _database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    tenants.Add(rows.GetString(0));
            }
        }

        return tenants;
    }
}
