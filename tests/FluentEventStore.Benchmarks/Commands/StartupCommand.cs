using System.Diagnostics;
using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Reporting;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;
using FluentEventStore.Benchmarks.Web;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>
/// How long a web application takes from the start of its process until its first request is answered, with an event appended. Its schema
/// is there before.
/// </summary>
internal static class StartupCommand
{
    public static async Task RunAsync(int runs)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "startup");
        Start[] starts =
        [
            new(Names.Ours, "ours, compiled just in time", await PublishAsync(Application.Ours)) { Target = 2.5 },
            new(Names.Ours, "ours, compiled ahead of time", await PublishAsync(Application.Ours, isNative: true)) { Target = 8 },
            new(Names.Marten, "Marten, compiled just in time", await PublishAsync(Application.Marten)),
            new(Names.Bare, "bare Npgsql, compiled just in time", await PublishAsync(Application.Bare)),
        ];

        await using Database database = await Database.StartAsync();
        await using var contenders = new ContenderList(
            AllContenders.Make(database.ConnectionString, starts.Select(static start => start.Contender)));
        await contenders.StartAsync();
        Console.WriteLine(await database.DescribeAsync());
        Console.WriteLine($"Milliseconds from the start of the process to the answer of its first POST, {runs} runs in turns.");

        // The first start of each reads its files from the disk.
        for (var run = 0; run <= runs; run++)
        {
            foreach (Start start in starts)
            {
                var taken = await RunAsync(start, contenders.Single(contender => contender.Name == start.Contender));
                if (run > 0)
                    start.Milliseconds.Add(taken);
            }

            await Console.Error.WriteLineAsync($"… {run} of {runs}");
        }

        Print(starts);

        async Task<string> PublishAsync(Application application, bool isNative = false)
        {
            var name = isNative ? $"{application.Project}.Native" : application.Project;
            await Console.Error.WriteLineAsync($"… publishing {name}");
            return await application.PublishAsync(Path.Combine(folder, name), isNative);
        }
    }

    private static async Task<double> RunAsync(Start start, IContender contender)
    {
        var account = Guid.CreateVersion7();
        var request = PaymentRequest.For(account);
        double milliseconds;
        var started = Stopwatch.GetTimestamp();
        await using (RunningApplication application = ((IServing)contender).Start(start.Program))
        {
            Caller caller = await application.ConnectAsync();
            await caller.SendAsync(request);
            milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Seeds.Expect(1, await ((IReading)contender).ReadStreamAsync(account));
        return milliseconds;
    }

    private static void Print(Start[] starts)
    {
        var marten = starts.Single(start => start.Contender == Names.Marten);
        var table = new Table("application", "median", "fastest", "slowest", "Marten/it", "target", "verdict");
        foreach (Start start in starts)
        {
            var times = marten.Median / start.Median;
            table.Add(
                start.Name,
                Table.Number(start.Median),
                Table.Number(start.Milliseconds.Min()),
                Table.Number(start.Milliseconds.Max()),
                start == marten ? "–" : Table.Times(times),
                Table.Times(start.Target),
                start.Target is null ? "–" : times >= start.Target ? "met" : "MISSED");
        }

        table.Print(Console.Out);
    }

    private sealed record Start(string Contender, string Name, string Program)
    {
        /// <summary>How many times faster than Marten it must be; null asks for nothing.</summary>
        public double? Target { get; init; }

        public List<double> Milliseconds { get; } = [];

        public double Median => Milliseconds.Order().ElementAt(Milliseconds.Count / 2);
    }
}
