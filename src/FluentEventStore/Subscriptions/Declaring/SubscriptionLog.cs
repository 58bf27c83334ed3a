using FluentEventStore.Telemetry;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.Subscriptions;

/// <summary>What is logged of subscriptions.</summary>
internal static partial class SubscriptionLog
{
    public static void Claimed(StoreTelemetry store, object range, long epoch, long position) =>
        Claimed(store.Loggers.Subscriptions, store.Schema, range, position, epoch);

    public static void Ended(StoreTelemetry store, object range, object reason) =>
        Ended(store.Loggers.Subscriptions, store.Schema, range, reason);

    public static void Fenced(StoreTelemetry store, FencedException fenced) =>
        Fenced(store.Loggers.Subscriptions, store.Schema, fenced.Range, fenced.Epoch, fenced.ActualEpoch);

    public static void Faulted(StoreTelemetry store, object range, SubscriptionFailure failure) =>
        Faulted(store.Loggers.Subscriptions, store.Schema, range, failure);

    public static void Outage(StoreTelemetry store, object first, int ranges, Exception failure) =>
        Outage(store.Loggers.Subscriptions, failure, store.Schema, first, ranges);

    public static void OutcomeUnknown(StoreTelemetry store, object range, long epoch, Exception failure) =>
        OutcomeUnknown(store.Loggers.Subscriptions, failure, store.Schema, range, epoch);

    public static void LookFailed(StoreTelemetry store, Exception failure) =>
        LookFailed(store.Loggers.Subscriptions, failure, store.Schema);

    public static void DeclaredDifferently(StoreTelemetry store, string subscription, string problem) =>
        DeclaredDifferently(store.Loggers.Subscriptions, store.Schema, subscription, problem);

    public static void ScopeFailed(StoreTelemetry store, string subscription, Exception failure) =>
        ScopeFailed(store.Loggers.Subscriptions, failure, store.Schema, subscription);

    public static void TenantsNotListed(StoreTelemetry store, Exception failure) =>
        TenantsNotListed(store.Loggers.Subscriptions, failure, store.Schema);

    public static void TenantNotCarried(StoreTelemetry store, string tenant, Exception failure) =>
        TenantNotCarried(store.Loggers.Subscriptions, failure, store.Schema, tenant);

    public static void Elsewhere(StoreTelemetry store, object range, long position, (string? Before, string? Now) timelines) =>
        Elsewhere(store.Loggers.Subscriptions, store.Schema, range, position, timelines.Before, timelines.Now);

    public static void Terminated(StoreTelemetry store, object range, int process) =>
        Terminated(store.Loggers.Subscriptions, store.Schema, range, process);

    public static void LeftBehind(StoreTelemetry store, object range) => LeftBehind(store.Loggers.Subscriptions, store.Schema, range);

    public static void TenantApart(StoreTelemetry store, object range, string tenant) =>
        TenantApart(store.Loggers.Subscriptions, store.Schema, range, tenant);

    public static void GivenUp(StoreTelemetry store, object range, FailedEvent how, SubscriptionFailure failure)
    {
        if (how == FailedEvent.Park)
            Parked(store.Loggers.Subscriptions, store.Schema, range, failure);
        else
            Skipped(store.Loggers.Subscriptions, store.Schema, range, failure);
    }

    [LoggerMessage(1800, LogLevel.Information, "Schema {Schema}: {Range} is carried from position {Position} on, with epoch {Epoch}.")]
    private static partial void Claimed(ILogger logger, string schema, object range, long position, long epoch);

    [LoggerMessage(1801, LogLevel.Information, "Schema {Schema}: {Range} is not carried any more: {Reason}.")]
    private static partial void Ended(ILogger logger, string schema, object range, object reason);

    [LoggerMessage(
        1802,
        LogLevel.Warning,
        "Schema {Schema}: {Range} was carried with epoch {Epoch}, but the range has {ActualEpoch} now: this process writes nothing for it "
            + "any more.")]
    private static partial void Fenced(ILogger logger, string schema, string range, long epoch, long? actualEpoch);

    [LoggerMessage(1803, LogLevel.Error, "Schema {Schema}: {Range} has stopped until it is resumed. {Failure}")]
    private static partial void Faulted(ILogger logger, string schema, object range, SubscriptionFailure failure);

    [LoggerMessage(
        1804,
        LogLevel.Warning,
        "Schema {Schema}: {Range} waits for the database, and then goes on. It was the first; so many ranges wait by now: {Ranges}.")]
    private static partial void Outage(ILogger logger, Exception failure, string schema, object range, int ranges);

    [LoggerMessage(
        1805,
        LogLevel.Warning,
        "Schema {Schema}: what became of the last commit of {Range} with epoch {Epoch} is unknown. The range goes on from what is stored, "
            + "with a new epoch.")]
    private static partial void OutcomeUnknown(ILogger logger, Exception failure, string schema, object range, long epoch);

    [LoggerMessage(1806, LogLevel.Warning, "Schema {Schema}: the ranges of subscriptions could not be looked at.")]
    private static partial void LookFailed(ILogger logger, Exception failure, string schema);

    [LoggerMessage(1807, LogLevel.Error, "Schema {Schema}: this process does not carry subscription '{Subscription}': {Problem}")]
    private static partial void DeclaredDifferently(ILogger logger, string schema, string subscription, string problem);

    [LoggerMessage(
        1808, LogLevel.Warning, "Schema {Schema}: the services of a page of subscription '{Subscription}' failed when they were disposed.")]
    private static partial void ScopeFailed(ILogger logger, Exception failure, string schema, string subscription);

    [LoggerMessage(
        1809, LogLevel.Warning, "Schema {Schema}: the tenants could not be listed. The subscriptions of those that are known are carried.")]
    private static partial void TenantsNotListed(ILogger logger, Exception failure, string schema);

    [LoggerMessage(
        1810,
        LogLevel.Warning,
        "Schema {Schema}: the subscriptions of tenant {Tenant} cannot be carried yet; it is tried again and again.")]
    private static partial void TenantNotCarried(ILogger logger, Exception failure, string schema, string tenant);

    [LoggerMessage(
        1811,
        LogLevel.Warning,
        "Schema {Schema}: {Range} goes on from position {Position} on another history of the database, {Now} after {Before}: another "
            + "server took over, or a backup was restored. What handlers did outside for events after that position may be done again, "
            + "or was done for events that are gone.")]
    private static partial void Elsewhere(ILogger logger, string schema, object range, long position, string? before, string? now);

    [LoggerMessage(
        1812,
        LogLevel.Warning,
        "Schema {Schema}: server process {Process} was ended: it held {Range} for a process that has been silent for longer than its "
            + "lease in the middle of a commit.")]
    private static partial void Terminated(ILogger logger, string schema, object range, int process);

    [LoggerMessage(
        1813,
        LogLevel.Warning,
        "Schema {Schema}: a call for {Range} does not return although it was told to end. It is left behind: nothing that it still does "
            + "with its session is written.")]
    private static partial void LeftBehind(ILogger logger, string schema, object range);

    [LoggerMessage(
        1814,
        LogLevel.Information,
        "Schema {Schema}: tenant {Tenant} takes too much of the time of {Range}, and keeps others waiting. It is handled beside them "
            + "until it has caught up.")]
    private static partial void TenantApart(ILogger logger, string schema, object range, string tenant);

    [LoggerMessage(
        1815,
        LogLevel.Warning,
        "Schema {Schema}: {Range} has parked an event: later ones of its key wait until somebody replays or drops it. {Failure}")]
    private static partial void Parked(ILogger logger, string schema, object range, SubscriptionFailure failure);

    [LoggerMessage(1816, LogLevel.Warning, "Schema {Schema}: {Range} has passed over an event. {Failure}")]
    private static partial void Skipped(ILogger logger, string schema, object range, SubscriptionFailure failure);
}
