using FluentEventStore.Benchmarks.Measuring;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Reporting;

/// <summary>Two tables: how long the rows take and whether that is good enough; then where the time goes.</summary>
internal static class TextReport
{
    public static void Print(IReadOnlyList<Result> results, TextWriter writer)
    {
        PrintVerdicts(results, writer);
        writer.WriteLine();
        PrintDetails(results, writer);
        PrintOwn(results, writer);
        PrintElixir(results, writer);
        PrintFailures(results, writer);
    }

    private static void PrintVerdicts(IReadOnlyList<Result> results, TextWriter writer)
    {
        writer.WriteLine("Microseconds an operation (median of the rounds; with several writers: wall time over all operations).");
        writer.WriteLine(
            "A ratio says how many times longer the other takes; the bound to bare is met at the ratio in its target or above.");
        var table = new Table("row", "ours", "Marten", "bare", "Marten/ours", "target", "bare/ours", "target", "ours/s", "verdict");
        foreach (Result result in results)
        {
            Target target = result.Row.Target;
            table.Add(
                result.Row.Name,
                Table.Number(result.Ours?.Microseconds, FormatOf(result)),
                Table.Number(result.Marten?.Microseconds, FormatOf(result)),
                Table.Number(result.Bare?.Microseconds, FormatOf(result)),
                Table.Times(result.VersusMarten),
                Table.Times(target.TimesMarten),
                Table.Times(result.VersusBare),
                Table.Times(1 / target.TimesBare),
                Table.Number(result.Ours?.PerSecond),
                Verdict(result));
        }

        table.Print(writer);
    }

    // One of many things that are done together takes few microseconds.
    private static string FormatOf(Result result) => result.Row.Size > 1 ? "#,##0.0" : "#,##0";

    private static string Verdict(Result result) => result switch
    {
        { Ours: null } => "not run",
        { Misses: [] } => "met",
        _ => $"MISSED: {string.Join(", ", result.Misses)}",
    };

    private static void PrintDetails(IReadOnlyList<Result> results, TextWriter writer)
    {
        writer.WriteLine(
            "Latency in microseconds over all operations; allocated bytes, and microseconds of CPU of this process and of the server, an "
                + "operation.");
        var table = new Table("row", "contender", "µs", "p50", "p99", "bytes", "client CPU", "server CPU", "operations");
        foreach (Result result in results)
        {
            var rowName = result.Row.Name;
            foreach ((var name, Figures figures) in result.Figures)
            {
                table.Add(
                    rowName,
                    name,
                    Table.Number(figures.Microseconds, FormatOf(result)),
                    Table.Number(figures.P50),
                    Table.Number(figures.P99),
                    Table.Number(figures.Bytes),
                    Table.Number(figures.ClientCpu),
                    Table.Number(figures.ServerCpu),
                    Table.Number(figures.Operations));
                rowName = "";
            }
        }

        table.Print(writer);
    }

    private static void PrintOwn(IReadOnlyList<Result> results, TextWriter writer)
    {
        var table = new Table("row", "p50", "target", "p99", "target", "beside", "ratio", "at most", "heap, MB", "at most");
        var isEmpty = true;
        foreach (Result result in results)
        {
            if (result is not { Ours: { } ours, Row.Target: var target }
                || (target.P50 ?? target.P99 ?? target.TimesBeside ?? target.HeapGrowth) is null)
                continue;

            isEmpty = false;
            table.Add(
                result.Row.Name,
                Table.Number(ours.P50),
                Table.Number(target.P50),
                Table.Number(ours.P99),
                Table.Number(target.P99),
                target.Beside ?? "–",
                Table.Times(result.VersusBeside),
                Table.Times(target.TimesBeside),
                Table.Number(ours.HeapGrowth / 1e6, "0.0"),
                Table.Number(target.HeapGrowth / 1e6));
        }

        if (isEmpty)
            return;

        writer.WriteLine();
        writer.WriteLine(
            "What is asked of ours alone: microseconds an operation, how many times as long as another row, and by how much the heap "
                + "grows, as it is after collections.");
        table.Print(writer);
    }

    private static void PrintElixir(IReadOnlyList<Result> results, TextWriter writer)
    {
        var table = new Table("row", "ours", "Elixir", "Elixir/ours", "target");
        foreach (Result result in results)
        {
            if (result is { Ours: { } ours, Row.Target: { ElixirMicroseconds: { } elixir } target })
            {
                // Of deliveries, the median was taken.
                var microseconds = target.P50 is null ? ours.Microseconds : ours.P50;
                table.Add(
                    result.Row.Name,
                    Table.Number(microseconds, "#,##0.0"),
                    Table.Number(elixir, "#,##0.0"),
                    Table.Times(elixir / microseconds),
                    Table.Times(target.TimesElixir));
            }
        }

        if (!results.Any(static result => result.Row.Target.ElixirMicroseconds is not null))
            return;

        writer.WriteLine();
        writer.WriteLine(
            "Beside EventStore for Elixir 1.4.8, taken in another run on a machine of this size: its own benchmark, with events of 104 "
                + "bytes; delivery and catch-up with 190 bytes of jsonb.");
        table.Print(writer);
    }

    private static void PrintFailures(IReadOnlyList<Result> results, TextWriter writer)
    {
        foreach (Result result in results.Where(result => result.Row.MayFail))
        {
            var counts = result.Figures.Select(figures =>
                $"{figures.Key} {Table.Number(figures.Value.Failures)} of {Table.Number(figures.Value.Failures + figures.Value.Operations)}"
                + (figures.Value.FirstFailure is { } failure ? $" ({failure})" : ""));
            writer.WriteLine();
            writer.WriteLine($"Failed, {result.Row.Name}: {string.Join("; ", counts)}.");
        }
    }
}
