using System.Diagnostics;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Reporting;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>Fills a store and measures, at each size, what appending and reading cost: it should stay the same.</summary>
internal static class ScaleCommand
{
    private const int EventsOfStream = 10;
    private const int Samples = 300;

    public static async Task RunAsync(long to)
    {
        await using Database database = await Database.StartAsync();
        await using var store = EventStore.For(options => options.Connection(database.ConnectionString));
        await store.Schema.ApplyAsync();
        Console.WriteLine(await database.DescribeAsync());
        Console.WriteLine($"Microseconds an operation (median of {Samples}), one writer or reader.");

        var table = new Table(
            "events",
            "append 1, new",
            "append 1, existing",
            "read 10",
            "fetch for writing + 1",
            "read 100 of the log",
            "slowest page that finds nothing, ms",
            "filled at /s");
        var streams = new List<Guid>();
        for (var size = Math.Min(10_000L, to); streams.Count * EventsOfStream < to; size = Math.Min(size * 10, to))
        {
            var perSecond = await FillAsync(store, streams, (size / EventsOfStream) - streams.Count);
            await MeasureAsync(store, streams, table, size, perSecond);
            await Console.Error.WriteLineAsync($"… {size}");
        }

        table.Print(Console.Out);
    }

    private static async Task<double> FillAsync(EventStore store, List<Guid> streams, long count)
    {
        var started = Stopwatch.GetTimestamp();
        await store.Transfer.ImportAsync(EventsAsync());
        return count * EventsOfStream / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async IAsyncEnumerable<ImportedEvent> EventsAsync()
        {
            await Task.CompletedTask;
            Payment[] payments = Payment.Take(EventsOfStream);
            for (var number = 0L; number < count; number++)
            {
                var stream = Guid.CreateVersion7();
                streams.Add(stream);
                for (var index = 0; index < payments.Length; index++)
                    yield return new ImportedEvent(stream, index + 1, payments[index]) { Timestamp = payments[index].At };
            }
        }
    }

    private static async Task MeasureAsync(EventStore store, List<Guid> streams, Table table, long size, double perSecond)
    {
        var random = new Random(42);
        Payment[] one = Payment.Take(1);
        table.Add(
            Table.Number(size),
            Table.Number(await MedianAsync(() => AppendAsync(Guid.CreateVersion7()))),
            Table.Number(await MedianAsync(() => AppendAsync(Any()))),
            Table.Number(await MedianAsync(ReadAsync)),
            Table.Number(await MedianAsync(DecideAsync)),
            Table.Number(await MedianAsync(ReadLogAsync)),
            Table.Number(await SlowestPageAsync()),
            Table.Number(perSecond));

        Guid Any() => streams[random.Next(streams.Count)];

        async Task AppendAsync(Guid stream)
        {
            await using var session = store.OpenSession();
            session.Events.Append(stream, one);
            await session.SaveChangesAsync();
        }

        async Task ReadAsync()
        {
            await using var session = store.OpenQuerySession();
            if ((await session.Events.FetchStreamAsync(Any())).Count < EventsOfStream)
                throw new InvalidOperationException("A stream lacks events.");
        }

        async Task DecideAsync()
        {
            await using var session = store.OpenSession();
            var stream = await session.Events.FetchForWritingAsync<Ledger>(Any());
            stream.Append(one);
            await session.SaveChangesAsync();
        }

        async Task ReadLogAsync()
        {
            await using var session = store.OpenQuerySession();
            var count = 0;
            await foreach (var _ in session.Events.ReadAllAsync(new LogRange { After = random.NextInt64(size - 1_000), MaxCount = 100 }))
                count++;
            if (count != 100)
                throw new InvalidOperationException("The log lacks events.");
        }

        // Over the whole log: each of its pages ends after it has looked at so much.
        async Task<double> SlowestPageAsync()
        {
            var pages = new PageClock();
            await using var session = store.OpenQuerySession();
            await foreach (var found in session.Events.ReadAllAsync(
                new LogRange { Progress = pages }, new EventFilter().OfStreams("none-")))
                throw new InvalidOperationException($"There is a stream '{found.StreamId}'.");
            return pages.Slowest.TotalMilliseconds;
        }
    }

    private static async Task<double> MedianAsync(Func<Task> operation)
    {
        for (var warmUp = 0; warmUp < 50; warmUp++)
            await operation();

        var samples = new double[Samples];
        for (var sample = 0; sample < samples.Length; sample++)
        {
            var started = Stopwatch.GetTimestamp();
            await operation();
            samples[sample] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(samples);
        return samples[Samples / 2];
    }

    /// <summary>Told after each page, in the call that reads it.</summary>
    private sealed class PageClock : IProgress<long>
    {
        private long _since = Stopwatch.GetTimestamp();

        public TimeSpan Slowest { get; private set; }

        public void Report(long value)
        {
            var now = Stopwatch.GetTimestamp();
            var elapsed = Stopwatch.GetElapsedTime(_since, now);
            (_since, Slowest) = (now, elapsed > Slowest ? elapsed : Slowest);
        }
    }
}
