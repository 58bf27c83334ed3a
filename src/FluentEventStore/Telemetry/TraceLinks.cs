using System.Diagnostics;

namespace FluentEventStore.Telemetry;

/// <summary>
/// Links to where events were appended, as far as their metadata says: the correlation is the id of a trace and the causation that of one
/// of its spans, as in each request of a web application.
/// </summary>
internal static class TraceLinks
{
    /// <summary>As many links as OpenTelemetry keeps of a span, unless it is told otherwise (OTEL_SPAN_LINK_COUNT_LIMIT).</summary>
    private const int Most = 128;

    /// <summary>One for each span that appended some of the events, in their order.</summary>
    /// <param name="origins">The correlation and the causation of each event.</param>
    public static IReadOnlyList<ActivityLink> Of(IEnumerable<(string? CorrelationId, string? CausationId)> origins)
    {
        List<ActivityLink> links = [];
        HashSet<ActivityContext> seen = [];
        foreach (var origin in origins)
        {
            if (!IsContext(origin, out var context) || !seen.Add(context))
                continue;

            links.Add(new ActivityLink(context));
            if (links.Count == Most)
                break;
        }

        return links;
    }

    // Whether it was sampled is not known: 00 says nothing.
    private static bool IsContext((string? CorrelationId, string? CausationId) origin, out ActivityContext context)
    {
        context = default;
        return origin is { CorrelationId: { Length: 32 } trace, CausationId: { Length: 16 } span }
            && ActivityContext.TryParse($"00-{trace}-{span}-00", traceState: null, isRemote: true, out context);
    }
}
