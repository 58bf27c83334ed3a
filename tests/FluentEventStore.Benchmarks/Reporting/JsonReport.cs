using System.Text.Json;
using FluentEventStore.Benchmarks.Measuring;

namespace FluentEventStore.Benchmarks.Reporting;

/// <summary>The figures for programs: one object a row; null if a contender has no such row.</summary>
internal static class JsonReport
{
    public static async Task WriteAsync(IReadOnlyList<Result> results, string path)
    {
        await using FileStream file = File.Create(path);
        await using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach (Result result in results)
        {
            json.WriteStartObject();
            json.WriteString("name", result.Row.Name);
            Write(json, "ours_us", result.Ours?.Microseconds, digits: 1);
            Write(json, "marten_us", result.Marten?.Microseconds, digits: 1);
            Write(json, "bare_us", result.Bare?.Microseconds, digits: 1);
            Write(json, "vs_marten", result.VersusMarten, digits: 3);
            Write(json, "vs_bare", result.VersusBare, digits: 3);
            Write(json, "ours_bytes", result.Ours?.Bytes, digits: 0);
            Write(json, "marten_bytes", result.Marten?.Bytes, digits: 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value, int digits)
    {
        if (value is { } number)
            json.WriteNumber(name, Math.Round(number, digits));
        else
            json.WriteNull(name);
    }
}
