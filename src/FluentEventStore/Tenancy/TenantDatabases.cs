using FluentEventStore.Postgres;
using FluentEventStore.Tenancy;
using Npgsql;

namespace FluentEventStore;

/// <summary>The ways to say which tenant is in which database.</summary>
public static class TenantDatabases
{
    /// <summary>Names all tenants for as long as the process runs.</summary>
    /// <param name="connectionStrings">The tenants and their connection strings; copied. Several tenants may have the same one.</param>
    /// <exception cref="ArgumentException">A connection string cannot be read: the message names the tenant.</exception>
    public static ITenantDatabases Static(IReadOnlyDictionary<TenantId, string> connectionStrings)
    {
        ArgumentNullException.ThrowIfNull(connectionStrings);
        return new StaticTenants(connectionStrings);
    }

    /// <summary>
    /// Looks up tenants in a table with the columns <c>tenant text primary key</c> and <c>connection_string text</c>, which you create.
    /// What is inserted, changed and deleted there takes effect without a restart: a new tenant at once, other changes within 60 seconds.
    /// </summary>
    /// <param name="dataSource">Leads to the table. It stays the application's.</param>
    /// <param name="table">The table, with or without its schema: plain lower-case names, as in <c>admin.tenants</c>.</param>
    /// <exception cref="ArgumentException">The name is not plain.</exception>
    public static ITenantDatabases FromTable(NpgsqlDataSource dataSource, string table)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return new TenantTable(dataSource, Parse(table));
    }

    /// <inheritdoc cref="FromTable(NpgsqlDataSource, string)" path="/summary"/>
    /// <param name="connectionString">Leads to the table. Each look-up opens a connection and closes it.</param>
    /// <param name="table">The table, with or without its schema: plain lower-case names, as in <c>admin.tenants</c>.</param>
    /// <exception cref="ArgumentException">The name is not plain, or the connection string cannot be read.</exception>
    public static ITenantDatabases FromTable(string connectionString, string table)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);

        // Without a pool there is nothing to close.
        var connection = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        return new TenantTable(NpgsqlDataSource.Create(connection), Parse(table));
    }

    private static string Parse(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return string.Join('.', table.Split('.', 2).Select(static name => new SqlIdentifier(name, nameof(table)).ToString()));
    }
}
