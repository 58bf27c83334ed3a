using System.Diagnostics;
using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Measuring;
using FluentEventStore.Benchmarks.Reporting;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>Runs the rows for all contenders and prints what they took.</summary>
internal static class CompareCommand
{
    public static async Task RunAsync(string? only, bool quick, string? with, string? jsonPath)
    {
        IReadOnlyList<Row> rows = AllRows.Matching(only, quick);
        if (rows.Count == 0)
            throw new UsageException($"No row holds '{only}'.");

        var started = Stopwatch.GetTimestamp();
        Pace pace = quick ? Pace.Quick : Pace.Full;
        Pace longPace = quick ? Pace.LongQuick : Pace.Long;
        IEnumerable<string> names = [.. AllContenders.Compared, .. (with ?? "").Split(',', StringSplitOptions.TrimEntries)];
        await using Database database = await Database.StartAsync();
        await using var contenders = new ContenderList(AllContenders.Make(database.ConnectionString, names));
        await contenders.StartAsync();

        TextWriter output = Console.Out;
        output.WriteLine(await database.DescribeAsync());
        foreach (IContender contender in contenders)
            output.WriteLine(contender.Settings);

        output.WriteLine(
            $"{pace.Rounds} rounds of {pace.Round.TotalMilliseconds:0} ms in turns after {pace.WarmUp.TotalMilliseconds:0} ms of warm-up"
                + $"; of what takes seconds, {longPace.Rounds} after one");
        output.WriteLine();

        ServerCpu server = await database.WatchCpuAsync();

        // The first row would pay for compiling what all of them use.
        if (!rows[0].IsLong)
            await Comparison.RunAsync(rows[0], contenders, Pace.Compiling, server);

        List<Result> results = [];
        foreach (Row row in rows)
        {
            await Console.Error.WriteLineAsync($"… {row.Name}");
            Result result = await Comparison.RunAsync(row, contenders, row.IsLong ? longPace : pace, server);
            results.Add(result with { Beside = results.Find(other => other.Row.Name == row.Target.Beside)?.Ours });
        }

        TextReport.Print(results, output);
        output.WriteLine();
        output.WriteLine($"{results.Count} rows in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        if (jsonPath is not null)
            await JsonReport.WriteAsync(results, jsonPath);
    }
}
