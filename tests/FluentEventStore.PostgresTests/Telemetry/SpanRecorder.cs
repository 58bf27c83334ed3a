using System.Collections.Concurrent;
using System.Diagnostics;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>
/// Listens to the spans of the library and of the driver. All stores of the process are heard, so each test asks for its own.
/// </summary>
internal sealed class SpanRecorder : IDisposable
{
    public const string Driver = "Npgsql";

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is EventStoreTelemetry.Name or Driver,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of the library for a store, in the order in which they ended.</summary>
    public IReadOnlyList<Activity> Of(string schema) =>
        [.. _ended.Where(span => span.Source.Name == EventStoreTelemetry.Name
            && Equals(span.GetTagItem(EventStoreTelemetry.SchemaTag), schema))];

    /// <summary>Those of one operation.</summary>
    public IReadOnlyList<Activity> Of(string schema, string operation) =>
        [.. Of(schema).Where(span => Equals(span.GetTagItem("db.operation.name"), operation))];

    /// <summary>The spans of the statements right within a span, without those of connections that are opened for them.</summary>
    public IReadOnlyList<Activity> StatementsWithin(Activity span) =>
        [.. _ended.Where(inner => inner.Source.Name == Driver
            && inner.GetTagItem("db.query.text") is not null
            && inner.ParentSpanId == span.SpanId
            && inner.TraceId == span.TraceId)];

    /// <summary>The spans of the driver whose statement names a schema.</summary>
    public IReadOnlyList<Activity> DriverNaming(string schema) =>
        [.. _ended.Where(span => span.Source.Name == Driver
            && span.GetTagItem("db.query.text") is string text
            && text.Contains(schema, StringComparison.Ordinal))];

    public void Dispose() => _listener.Dispose();
}
