using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Store;

/// <summary>What is logged of connections.</summary>
internal static partial class ConnectionLog
{
    public static void NothingPrepared(StoreTelemetry store) => NothingPrepared(store.Loggers.Connections, store.Schema);

    [LoggerMessage(
        1000,
        LogLevel.Warning,
        "Schema {Schema}: the data source of the application prepares no statements, so each call costs more. Set Max Auto Prepare in its "
            + "connection string, or call options.PgBouncer() if it leads to one.")]
    private static partial void NothingPrepared(ILogger logger, string schema);
}
