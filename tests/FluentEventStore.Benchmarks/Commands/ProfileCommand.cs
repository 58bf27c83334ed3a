using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Measuring;
using FluentEventStore.Benchmarks.Reporting;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>Repeats one row of one contender, for a profiler to look at.</summary>
internal static class ProfileCommand
{
    private const int LongestName = 100;

    public static async Task RunAsync(string rowText, string contenderName, TimeSpan duration)
    {
        if (AllRows.Matching(rowText, quick: true) is not [var row, ..])
            throw new UsageException($"No row holds '{rowText}'.");

        await using Database database = await Database.StartAsync();
        await using var contenders = new ContenderList(AllContenders.Make(database.ConnectionString, [contenderName]));
        await contenders.StartAsync();
        if (contenders is not [var contender] || await row.PrepareAsync(contender) is not { } operation)
            throw new UsageException($"'{contenderName}' has no row '{row.Name}'.");

        ServerCpu server = await database.WatchCpuAsync();
        await using IAsyncDisposable? around = row.AroundAsync is null ? null : await row.AroundAsync(contender);
        await Round.RunAsync(row, operation, Pace.Full.WarmUp, server);
        Console.WriteLine($"{row.Name}, {contender.Name}: process {Environment.ProcessId}, database {database.ConnectionString}");
        using var allocations = new AllocationSampler();
        var table = new Table("second", "µs", "p50", "p99", "bytes", "client CPU", "server CPU", "failures");
        var bytes = 0.0;
        for (var second = 1; second <= duration.TotalSeconds; second++)
        {
            Figures figures = Figures.Of([await Round.RunAsync(row, operation, TimeSpan.FromSeconds(1), server)]);
            bytes = figures.Bytes;
            table.Add(
                Table.Number(second),
                Table.Number(figures.Microseconds),
                Table.Number(figures.P50),
                Table.Number(figures.P99),
                Table.Number(figures.Bytes),
                Table.Number(figures.ClientCpu),
                Table.Number(figures.ServerCpu),
                Table.Number(figures.Failures));
        }

        table.Print(Console.Out);
        Console.WriteLine();
        var types = new Table("allocated", "bytes an operation");
        foreach ((var type, var share) in allocations.Top(60))
            types.Add(type.Length > LongestName ? type[^LongestName..] : type, Table.Number(share * bytes));

        types.Print(Console.Out);
    }
}
