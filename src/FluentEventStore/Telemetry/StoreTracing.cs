using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>The source of the library's spans.</summary>
internal static class StoreTracing
{
    public static readonly string? Version = typeof(StoreTracing).Assembly.GetName().Version?.ToString(3);

    private static readonly ActivitySource Source = new(EventStoreTelemetry.Name, Version);

    public static bool IsOn => Source.HasListeners();

    /// <summary>The span of the library that surrounds this code; <see langword="null"/> if there is none.</summary>
    public static Activity? Current => IsOn && Activity.Current is { } current && current.Source == Source ? current : null;

    /// <summary>Begins a span within the one that surrounds this code.</summary>
    public static Activity? Start(string name, IEnumerable<KeyValuePair<string, object?>> tags) =>
        Source.StartActivity(name, ActivityKind.Client, parentContext: default, tags);

    /// <summary>Begins a span within another one, wherever this code runs.</summary>
    public static Activity? StartWithin(Activity parent, string name, IEnumerable<KeyValuePair<string, object?>> tags) =>
        Source.StartActivity(name, ActivityKind.Client, parent.Context, tags);

    /// <summary>Begins a trace of its own, wherever this code runs.</summary>
    public static Activity? StartTrace(
        string name, IEnumerable<KeyValuePair<string, object?>> tags, IEnumerable<ActivityLink> links)
    {
        // Without a parent context, the current span would be the parent. The calling asynchronous method gets it back at its end.
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Client, parentContext: default, tags, links);
    }

    /// <summary>Begins a trace of its own, for work that was in the log.</summary>
    public static Activity? StartPage(
        string name, IEnumerable<KeyValuePair<string, object?>> tags, IEnumerable<ActivityLink> links)
    {
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Consumer, parentContext: default, tags, links);
    }

    /// <summary>Begins a trace of its own, for a message that goes out.</summary>
    public static Activity? StartSend(
        string name, IEnumerable<KeyValuePair<string, object?>> tags, IEnumerable<ActivityLink> links)
    {
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Producer, parentContext: default, tags, links);
    }

    /// <summary>Ends a span. What a listener throws then concerns nobody: what the span stands for is done.</summary>
    public static void End(Activity? span)
    {
        try
        {
            span?.Dispose();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
        }
    }

    /// <summary>Says on a span why it failed. There is no description: messages of exceptions hold names and values of the user.</summary>
    public static void Fail(Activity? span, Exception failure)
    {
        if (span is null)
            return;

        var type = ErrorType.Of(failure);
        span.SetStatus(ActivityStatusCode.Error);
        span.SetTag(EventStoreTelemetry.ErrorTypeTag, type);
        if (failure is System.Data.Common.DbException { SqlState: { } state })
            span.SetTag("db.response.status_code", state);
    }
}
