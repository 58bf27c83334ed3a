using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Sessions;

/// <summary>What is logged of units of work.</summary>
internal static partial class SessionLog
{
    public static void SentAgain(StoreTelemetry store, string errorType) => SentAgain(store.Loggers.Sessions, store.Schema, errorType);

    public static void OutcomeUnknown(StoreTelemetry store) => OutcomeUnknown(store.Loggers.Sessions, store.Schema);

    public static void DecidedAgain(StoreTelemetry store, string errorType) =>
        DecidedAgain(store.Loggers.Sessions, store.Schema, errorType);

    [LoggerMessage(1400, LogLevel.Information, "Schema {Schema}: a unit of work is sent again, since it was refused with {ErrorType}.")]
    private static partial void SentAgain(ILogger logger, string schema, string errorType);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "Schema {Schema}: it is unknown whether a unit of work was written. If its session is saved again, nothing is written twice.")]
    private static partial void OutcomeUnknown(ILogger logger, string schema);

    [LoggerMessage(1402, LogLevel.Debug, "Schema {Schema}: a decision is made again, since it failed with {ErrorType}.")]
    private static partial void DecidedAgain(ILogger logger, string schema, string errorType);
}
