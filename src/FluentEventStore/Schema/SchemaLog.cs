using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Schema;

/// <summary>What is logged of the schema.</summary>
internal static partial class SchemaLog
{
    public static void Applied(StoreTelemetry store, SchemaReport report)
    {
        if (report.Applied.Length > 0)
            Applied(store.Loggers.Schema, store.Schema);

        foreach (var drift in report.Drift)
            Drifted(store.Loggers.Schema, store.Schema, drift.Table, drift.Kind, drift.Description);
    }

    [LoggerMessage(1100, LogLevel.Information, "Schema {Schema}: what the store lacked was created.")]
    private static partial void Applied(ILogger logger, string schema);

    [LoggerMessage(1101, LogLevel.Warning, "Schema {Schema}: table {Table} is not as the store makes it ({Kind}): {Description}")]
    private static partial void Drifted(ILogger logger, string schema, string table, SchemaDriftKind kind, string description);
}
