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
                Table.Number(result.Ours?.Microseconds),
                Table.Number(result.Marten?.Microseconds),
                Table.Number(result.Bare?.Microseconds),
                Table.Times(result.VersusMarten),
                Table.Times(target.TimesMarten),
                Table.Times(result.VersusBare),
                Table.Times(1 / target.TimesBare),
                Table.Number(result.Ours?.PerSecond),
                Verdict(result));
        }

        table.Print(writer);
    }

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
                    Table.Number(figures.Microseconds),
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

    private static void PrintElixir(IReadOnlyList<Result> results, TextWriter writer)
    {
        var table = new Table("row", "ours", "Elixir", "Elixir/ours", "target");
        foreach (Result result in results)
        {
            if (result is { Ours: { } ours, Row.Target: { ElixirMicroseconds: { } elixir } target })
                table.Add(
                    result.Row.Name,
                    Table.Number(ours.Microseconds),
                    Table.Number(elixir),
                    Table.Times(elixir / ours.Microseconds),
                    Table.Times(target.TimesElixir));
        }

        if (!results.Any(static result => result.Row.Target.ElixirMicroseconds is not null))
            return;

        writer.WriteLine();
        writer.WriteLine(
            "Beside EventStore for Elixir 1.4.8: its own benchmark, taken in another run on a machine of this size, with events of 104 "
                + "bytes.");
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
