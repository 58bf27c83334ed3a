namespace FluentEventStore;

/// <summary>
/// The names under which a store tells what it does: of its source of spans, its meter and their tags. Names of
/// <c>db.…</c>, <c>server.…</c> and <c>error.type</c> are those of OpenTelemetry's conventions for databases.
/// </summary>
/// <remarks>
/// Nothing is computed for who does not listen. OpenTelemetry listens with <c>tracing.AddSource(EventStoreTelemetry.Name)</c> and
/// <c>metrics.AddMeter(EventStoreTelemetry.Name)</c>.
/// </remarks>
public static class EventStoreTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>, of the <see cref="System.Diagnostics.Metrics.Meter"/>,
    /// and the beginning of all categories of log messages.</summary>
    public const string Name = "FluentEventStore";

    /// <summary>The schema of the store, on all spans and measurements: it tells several stores of a process apart.</summary>
    public const string SchemaTag = "fluenteventstore.schema";

    /// <summary>The tenant of the session, on spans.</summary>
    public const string TenantTag = "fluenteventstore.tenant";

    /// <summary>How many events are saved, committed, read or folded, on spans.</summary>
    public const string EventsTag = "fluenteventstore.events";

    /// <summary>How many streams a unit of work concerns, on spans that save and commit.</summary>
    public const string StreamsTag = "fluenteventstore.streams";

    /// <summary>How many documents are changed or were found, on spans that save and fetch.</summary>
    public const string DocumentsTag = "fluenteventstore.documents";

    /// <summary>How many units of work share a transaction, on spans that commit.</summary>
    public const string UnitsTag = "fluenteventstore.units";

    /// <summary>How many events were folded, on spans that fetch an aggregate.</summary>
    public const string ReplayedEventsTag = "fluenteventstore.replayed_events";

    /// <summary>Whether a unit of work was found to be saved before, on spans that save. Nothing was written then.</summary>
    public const string SavedBeforeTag = "fluenteventstore.saved_before";

    /// <summary>The name of a subscription, on the spans of its pages and on all measurements of it.</summary>
    public const string SubscriptionTag = "fluenteventstore.subscription";

    /// <summary>The name of the type of an event, on measurements of handlers.</summary>
    public const string EventTypeTag = "fluenteventstore.event_type";

    /// <summary>The name of the type of a message, on the spans and measurements of its sending.</summary>
    public const string MessageTypeTag = "fluenteventstore.message_type";

    /// <summary>
    /// Why something failed, on failed spans and on measurements of failures: the SQLSTATE of the server, otherwise the full name of the
    /// exception's type. All cancellations are a <see cref="System.OperationCanceledException"/>.
    /// </summary>
    public const string ErrorTypeTag = "error.type";
}
