using System.Diagnostics;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>One turn of one contender: its operation, repeated by all writers until the time is over.</summary>
internal sealed record Round
{
    /// <summary>Wall time over operations that succeeded, by all writers together.</summary>
    public required double MicrosecondsPerOperation { get; init; }

    /// <summary>What this process spent on the CPUs in the whole round.</summary>
    public required double ClientCpuMicroseconds { get; init; }

    /// <summary>What the server spent on the CPUs in the whole round; null if that cannot be seen.</summary>
    public required double? ServerCpuMicroseconds { get; init; }

    public required double BytesPerOperation { get; init; }

    /// <summary>How long each operation took, in ticks of <see cref="Stopwatch"/>.</summary>
    public required IReadOnlyList<long> Latencies { get; init; }

    /// <summary>By how much the heap grew, as it was after collections; null if the row does not ask for it.</summary>
    public required long? HeapGrowth { get; init; }

    public required int Failures { get; init; }

    public string? FirstFailure { get; init; }

    public static async Task<Round> RunAsync(Row row, Operation operation, TimeSpan duration, ServerCpu server)
    {
        // A contender does not pay for the garbage of the one before.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var writers = new Writer[row.Writers];
        for (var number = 0; number < writers.Length; number++)
            writers[number] = new Writer(number, operation, row.MayFail);

        using var process = Process.GetCurrentProcess();
        IReadOnlyDictionary<string, double> serverBefore = server.Now();
        using HeapWatch? heap = row.Target.HeapGrowth is null ? null : new HeapWatch();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var end = started + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Array.ConvertAll(writers, writer => Task.Run(() => writer.RunAsync(end))));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        var serverCpu = server.Since(serverBefore);

        List<long> latencies = [.. writers.SelectMany(writer => writer.Latencies)];
        var operations = Math.Max(1, latencies.Count) * row.Size;
        return new Round
        {
            MicrosecondsPerOperation = elapsed.TotalMicroseconds / operations,
            ClientCpuMicroseconds = cpu.TotalMicroseconds,
            ServerCpuMicroseconds = serverCpu,
            BytesPerOperation = (double)allocated / operations,
            Latencies = latencies,
            HeapGrowth = heap?.Growth,
            Failures = writers.Sum(writer => writer.Failures),
            FirstFailure = writers.Select(writer => writer.FirstFailure).FirstOrDefault(failure => failure is not null),
        };
    }

    private sealed class Writer(int number, Operation operation, bool mayFail)
    {
        public List<long> Latencies { get; } = new(capacity: 8_192);

        public int Failures { get; private set; }

        public string? FirstFailure { get; private set; }

        /// <summary>Does one operation at least.</summary>
        public async Task RunAsync(long end)
        {
            var isFirst = true;
            for (var started = Stopwatch.GetTimestamp(); started < end || isFirst; started = Stopwatch.GetTimestamp())
            {
                isFirst = false;
                try
                {
                    await operation(number);
                }
                catch (Exception exception) when (mayFail)
                {
                    Failures++;
                    FirstFailure ??= exception.GetType().Name;
                    continue;
                }

                Latencies.Add(Stopwatch.GetTimestamp() - started);
            }
        }
    }
}
