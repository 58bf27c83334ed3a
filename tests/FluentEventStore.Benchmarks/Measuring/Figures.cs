using System.Diagnostics;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>Sums up the rounds of one contender in one row: medians, and percentiles over all operations.</summary>
internal sealed record Figures
{
    public required double Microseconds { get; init; }

    /// <summary>What this process spends on the CPUs for an operation.</summary>
    public required double ClientCpu { get; init; }

    /// <summary>What the server spends on the CPUs for an operation.</summary>
    public required double? ServerCpu { get; init; }

    public required double Bytes { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    /// <summary>By how much the heap grew in a round at most; null if nobody looked.</summary>
    public required long? HeapGrowth { get; init; }

    public required int Failures { get; init; }

    public required int Operations { get; init; }

    public string? FirstFailure { get; init; }

    public double PerSecond => 1_000_000 / Microseconds;

    public static Figures Of(IReadOnlyList<Round> rounds)
    {
        List<long> latencies = [.. rounds.SelectMany(round => round.Latencies)];
        latencies.Sort();
        return new Figures
        {
            Microseconds = Median(rounds, round => round.MicrosecondsPerOperation),
            ClientCpu = rounds.Sum(round => round.ClientCpuMicroseconds) / Math.Max(1, latencies.Count),
            ServerCpu = rounds.Aggregate((double?)0, (sum, round) => sum + round.ServerCpuMicroseconds) / Math.Max(1, latencies.Count),
            Bytes = Median(rounds, round => round.BytesPerOperation),
            P50 = Percentile(latencies, 0.50),
            P99 = Percentile(latencies, 0.99),
            HeapGrowth = rounds.Max(round => round.HeapGrowth),
            Failures = rounds.Sum(round => round.Failures),
            Operations = latencies.Count,
            FirstFailure = rounds.Select(round => round.FirstFailure).FirstOrDefault(failure => failure is not null),
        };
    }

    private static double Median(IEnumerable<Round> rounds, Func<Round, double> value)
    {
        double[] values = [.. rounds.Select(value).Order()];
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static double Percentile(List<long> sorted, double share)
        => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))] * 1_000_000.0 / Stopwatch.Frequency;
}
