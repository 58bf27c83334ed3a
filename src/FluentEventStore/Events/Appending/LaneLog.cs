using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Events;

/// <summary>What is logged of group commit.</summary>
internal static partial class LaneLog
{
    public static void SteppedAside(StoreTelemetry store, int units, TenantId tenantId, StreamId streamId) =>
        SteppedAside(store.Loggers.Appending, store.Schema, units, streamId.Value, tenantId.Value);

    [LoggerMessage(
        1300,
        LogLevel.Information,
        "Schema {Schema}: {Units} units of work wait aside, since others keep stream {Stream} of tenant {Tenant} locked.")]
    private static partial void SteppedAside(ILogger logger, string schema, int units, string stream, string tenant);
}
