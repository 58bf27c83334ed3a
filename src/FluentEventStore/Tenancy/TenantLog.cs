using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Tenancy;

/// <summary>What is logged of the databases of tenants.</summary>
internal static partial class TenantLog
{
    public static void Moved(StoreTelemetry store, TenantId tenantId) => Moved(store.Loggers.Tenancy, store.Schema, tenantId.Value);

    [LoggerMessage(1500, LogLevel.Information, "Schema {Schema}: tenant {Tenant} is in another database than before.")]
    private static partial void Moved(ILogger logger, string schema, string tenant);
}
