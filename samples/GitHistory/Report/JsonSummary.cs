using System.Text.Json;
using System.Text.Json.Serialization;

namespace GitHistory.Report;

/// <summary>The summary for programs: one line of JSON.</summary>
internal sealed record JsonSummary(
    int Commits,
    long Events,
    long Streams,
    long LinesAdded,
    long LinesRemoved,
    int Files,
    IReadOnlyList<JsonContributor> Contributors,
    double ElapsedSeconds)
{
    public static void Write(TextWriter writer, HistorySummary summary, TimeSpan elapsed)
    {
        var json = new JsonSummary(
            summary.Commits,
            summary.Events,
            summary.Streams,
            summary.LinesAdded,
            summary.LinesRemoved,
            summary.Files,
            [.. summary.Contributors.Select(static one => new JsonContributor(one.Name, one.Email, one.Commits))],
            Math.Round(elapsed.TotalSeconds, 3));
        writer.WriteLine(JsonSerializer.Serialize(json, JsonSummaryContext.Default.JsonSummary));
    }
}

internal sealed record JsonContributor(string Name, string Email, int Commits);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonSummary))]
internal sealed partial class JsonSummaryContext : JsonSerializerContext;
