using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>Which types the allocated bytes belong to: the runtime names the object that filled each 100 kB.</summary>
internal sealed class AllocationSampler : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;
    private const string Tick = "GCAllocationTick_V4";

    private readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);

    /// <summary>The types with the most bytes and their share of all.</summary>
    public IReadOnlyList<(string Type, double Share)> Top(int count)
    {
        double all = Math.Max(1, _bytes.Values.Sum());
        return [.. _bytes.OrderByDescending(type => type.Value).Take(count).Select(type => (type.Key, type.Value / all))];
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != Tick || eventData is not { Payload: { } payload, PayloadNames: { } names })
            return;

        if (payload[names.IndexOf("TypeName")] is string type && payload[names.IndexOf("AllocationAmount64")] is ulong amount)
            _bytes.AddOrUpdate(type, (long)amount, (_, sum) => sum + (long)amount);
    }
}
