using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Events;

/// <summary>What is logged of the order of the log, and of those who read it.</summary>
internal static partial class OrderingLog
{
    public static void HeldBack(StoreTelemetry store, long position, TimeSpan duration, LogBlocker by) =>
        HeldBack(store.Loggers.Ordering, store.Schema, position, duration, by.Pid, by.ApplicationName, by.Age, by.State, by.PreparedAs);

    public static void WentOn(StoreTelemetry store, long position, TimeSpan duration) =>
        WentOn(store.Loggers.Ordering, store.Schema, duration, position);

    public static void NotGuaranteed(StoreTelemetry store, OrderingNotGuaranteedException failure) =>
        NotGuaranteed(store.Loggers.Ordering, store.Schema, failure.Check, failure.Actual, failure.Expected);

    public static void Risky(StoreTelemetry store, string warning) => Risky(store.Loggers.Ordering, store.Schema, warning);

    public static void FollowersEnded(StoreTelemetry store, int followers, string errorType) =>
        FollowersEnded(store.Loggers.Ordering, store.Schema, followers, errorType);

    public static void NotAnnounced(StoreTelemetry store, string errorType) =>
        NotAnnounced(store.Loggers.Ordering, store.Schema, errorType);

    public static void NotListening(StoreTelemetry store, string errorType) =>
        NotListening(store.Loggers.Ordering, store.Schema, errorType);

    [LoggerMessage(
        1200,
        LogLevel.Warning,
        "Schema {Schema}: readers of the log are held back at position {Position} for {Duration}, by the transaction of process {Pid} of "
            + "application {Application}, open for {Age}: {State}. Prepared as: {PreparedAs}.")]
    private static partial void HeldBack(
        ILogger logger,
        string schema,
        long position,
        TimeSpan duration,
        int? pid,
        string? application,
        TimeSpan? age,
        string? state,
        string? preparedAs);

    [LoggerMessage(
        1201,
        LogLevel.Information,
        "Schema {Schema}: readers of the log go on to position {Position}, after they were held back for {Duration}.")]
    private static partial void WentOn(ILogger logger, string schema, TimeSpan duration, long position);

    [LoggerMessage(
        1202,
        LogLevel.Error,
        "Schema {Schema}: the order of the log is not guaranteed: {Check} is {Actual}; it must be {Expected}.")]
    private static partial void NotGuaranteed(ILogger logger, string schema, string check, string actual, string expected);

    [LoggerMessage(1203, LogLevel.Warning, "Schema {Schema}: {Warning}")]
    private static partial void Risky(ILogger logger, string schema, string warning);

    [LoggerMessage(
        1204,
        LogLevel.Warning,
        "Schema {Schema}: {Followers} that waited for events of the log were ended: {ErrorType}. Each goes on by following again from its "
            + "last position.")]
    private static partial void FollowersEnded(ILogger logger, string schema, int followers, string errorType);

    [LoggerMessage(
        1205,
        LogLevel.Debug,
        "Schema {Schema}: other processes were not told of a commit: {ErrorType}. Their followers find the events when they look next.")]
    private static partial void NotAnnounced(ILogger logger, string schema, string errorType);

    [LoggerMessage(
        1206,
        LogLevel.Debug,
        "Schema {Schema}: the connection that listens to other processes is lost, or cannot be had: {ErrorType}. Followers look at a "
            + "pace.")]
    private static partial void NotListening(ILogger logger, string schema, string errorType);
}
