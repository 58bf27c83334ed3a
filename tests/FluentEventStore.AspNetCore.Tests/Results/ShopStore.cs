using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>The store of what results show.</summary>
public sealed class ShopStore(PostgresServer server) : WebStore(server)
{
    public static void ConfigureStore(EventStoreOptions options)
    {
        options.Projections.Snapshot<Till>(ProjectionLifecycle.Inline);
        options.Events.AllowHardDelete = true;
    }

    public Task<WebHost> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? add = null) =>
        WebHost.StartAsync(this, map, add, ConfigureStore);

    /// <summary>Starts an application that takes the tenant from a header, if there is one.</summary>
    public Task<WebHost> StartForTenantsAsync(Action<WebApplication> map) => StartAsync(
        map, static services => services.AddFluentEventStoreWeb(static web => web.TenantFromHeader("X-Tenant")));

    public async Task<Commit> SaveAsync(Action<IDocumentSession> collect, TenantId tenantId = default)
    {
        await using var session = Store.OpenSession(tenantId);
        collect(session);
        return await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Changes recorded things as nobody should: past the guard.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            $"select set_config('fes.permit', 'tampering', true); {sql.Replace("{schema}", Schema, StringComparison.Ordinal)}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    protected override void Configure(EventStoreOptions options) => ConfigureStore(options);
}
