using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Outbox;

/// <summary>What is logged of messages.</summary>
internal static partial class MessageLog
{
    public static void Failed(
        StoreTelemetry store, ClaimedMessage message, ClaimedLane lane, int attempts, RetryPause pause, Exception failure)
    {
        if (pause.IsAlarm)
            Alarm(
                store.Loggers.Messages, failure, store.Schema, message.TypeName, message.Id, lane.Lane.Tenant, message.Key, attempts,
                pause.Pause);
        else
            Failed(
                store.Loggers.Messages, failure, store.Schema, message.TypeName, message.Id, lane.Lane.Tenant, message.Key, attempts,
                pause.Pause);
    }

    public static void Recovered(StoreTelemetry store, ClaimedMessage message, ClaimedLane lane) => Recovered(
        store.Loggers.Messages, store.Schema, message.TypeName, message.Id, lane.Lane.Tenant, message.Key, message.Attempts + 1);

    public static void Fenced(StoreTelemetry store, ClaimedLane lane) => Fenced(
        store.Loggers.Messages, store.Schema, lane.Lane.Tenant, lane.Messages[0].Key, lane.Messages[0].Id, lane.Token);

    public static void LookFailed(StoreTelemetry store, Exception failure) =>
        LookFailed(store.Loggers.Messages, failure, store.Schema);

    public static void NotSentHere(StoreTelemetry store, string type) => NotSentHere(store.Loggers.Messages, store.Schema, type);

    public static void LeftBehind(StoreTelemetry store, ClaimedMessage message, ClaimedLane lane) =>
        LeftBehind(store.Loggers.Messages, store.Schema, message.TypeName, message.Id, lane.Lane.Tenant, message.Key);

    public static void NotWritten(StoreTelemetry store, ClaimedLane lane, Exception failure) =>
        NotWritten(store.Loggers.Messages, failure, store.Schema, lane.Lane.Tenant, lane.Messages[0].Key);

    [LoggerMessage(
        1900,
        LogLevel.Warning,
        "Schema {Schema}: message {Type} {Message} of tenant {Tenant}, key {Key}, was not sent in attempt {Attempt}. It is tried again in "
            + "{Pause}; later ones of its key wait.")]
    private static partial void Failed(
        ILogger logger, Exception failure, string schema, string type, Guid message, string tenant, string? key, int attempt,
        TimeSpan pause);

    [LoggerMessage(
        1901,
        LogLevel.Error,
        "Schema {Schema}: message {Type} {Message} of tenant {Tenant}, key {Key}, has failed for long: attempt {Attempt} failed too. It is "
            + "tried every {Pause} until it is sent or dropped; later ones of its key wait.")]
    private static partial void Alarm(
        ILogger logger, Exception failure, string schema, string type, Guid message, string tenant, string? key, int attempt,
        TimeSpan pause);

    [LoggerMessage(
        1902,
        LogLevel.Information,
        "Schema {Schema}: message {Type} {Message} of tenant {Tenant}, key {Key}, was sent in attempt {Attempt}.")]
    private static partial void Recovered(
        ILogger logger, string schema, string type, Guid message, string tenant, string? key, int attempt);

    [LoggerMessage(
        1903,
        LogLevel.Warning,
        "Schema {Schema}: tenant {Tenant}, key {Key}, from message {Message} on, was held with token {Token}, but another process sends it "
            + "by now, after the lease of this one. The last message may be sent twice.")]
    private static partial void Fenced(ILogger logger, string schema, string tenant, string? key, Guid message, long token);

    [LoggerMessage(1904, LogLevel.Warning, "Schema {Schema}: the messages could not be looked at.")]
    private static partial void LookFailed(ILogger logger, Exception failure, string schema);

    [LoggerMessage(
        1905,
        LogLevel.Warning,
        "Schema {Schema}: messages of type {Type} wait. This process does not know the type or has nothing that sends it, and leaves them "
            + "to others.")]
    private static partial void NotSentHere(ILogger logger, string schema, string type);

    [LoggerMessage(
        1906,
        LogLevel.Warning,
        "Schema {Schema}: the call that sends message {Type} {Message} of tenant {Tenant}, key {Key}, does not return although it was told "
            + "to end. It is left behind, and the message tried again.")]
    private static partial void LeftBehind(ILogger logger, string schema, string type, Guid message, string tenant, string? key);

    [LoggerMessage(
        1907,
        LogLevel.Warning,
        "Schema {Schema}: what became of the first messages of tenant {Tenant}, key {Key}, could not be written down. It is tried again.")]
    private static partial void NotWritten(ILogger logger, Exception failure, string schema, string tenant, string? key);
}
