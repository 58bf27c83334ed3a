using System.Diagnostics;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Reporting;
using Npgsql;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>
/// How writers slow each other down: those of a locked stream those of other streams, and those of one stream each other.
/// </summary>
internal static class ContentionCommand
{
    private const int Rounds = 5;
    private const int Others = 16;
    private const int Blocked = 300;
    private const int Rivals = 64;

    public static async Task RunAsync(TimeSpan round)
    {
        await using Database database = await Database.StartAsync();
        await using var store = EventStore.For(options => options.Connection(database.ConnectionString));
        await using var uncombined = EventStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.Events.GroupCommit.IsEnabled = false;
        });
        await store.Schema.ApplyAsync();
        Console.WriteLine(await database.DescribeAsync());

        var (free, beside) = (new List<double>(), new List<double>());
        var (together, alone) = (new List<double>(), new List<double>());
        for (var count = 0; count < Rounds; count++)
        {
            free.Add(await AppendAsync(store, round));
            beside.Add(await AppendBesideLockedAsync(store, database.ConnectionString, round));
            together.Add(await ContendAsync(store, round));
            alone.Add(await ContendAsync(uncombined, round));
            await Console.Error.WriteLineAsync($"… {count + 1} of {Rounds}");
        }

        var table = new Table("units a second, median of rounds", "with", "without", "ratio");
        Add($"{Others} writers to other streams, with {Blocked} that wait for a locked one", beside, free);
        Add($"{Rivals} writers that expect the version of one stream, with group commit", together, alone);
        table.Print(Console.Out);

        void Add(string name, List<double> with, List<double> without) =>
            table.Add(
                name,
                Table.Number(Median(with)),
                Table.Number(Median(without)),
                FormattableString.Invariant($"{Median(with) / Median(without):0.00}"));
    }

    private static async Task<double> AppendAsync(EventStore store, TimeSpan round) => await RepeatAsync(Others, round, async _ =>
    {
        await SaveAsync(store, Guid.CreateVersion7(), ExpectedVersion.Any);
        return true;
    });

    private static async Task<double> AppendBesideLockedAsync(EventStore store, string connectionString, TimeSpan round)
    {
        var locked = Guid.CreateVersion7();
        await SaveAsync(store, locked, ExpectedVersion.NoStream);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(
            $"select from event_store.streams where id = '{locked}' for update", connection, transaction);
        await hold.ExecuteNonQueryAsync();
        Task[] blocked = [.. Enumerable.Range(0, Blocked).Select(_ => SaveAsync(store, locked, ExpectedVersion.Any))];
        var perSecond = await AppendAsync(store, round);
        await transaction.RollbackAsync();
        await Task.WhenAll(blocked);
        return perSecond;
    }

    private static async Task<double> ContendAsync(EventStore store, TimeSpan round)
    {
        var hot = Guid.CreateVersion7();
        await SaveAsync(store, hot, ExpectedVersion.NoStream);
        return await RepeatAsync(Rivals, round, async _ =>
        {
            await using var session = store.OpenSession();
            var state = await session.Events.FetchStreamStateAsync(hot);
            try
            {
                await SaveAsync(store, hot, ExpectedVersion.Exactly(state!.Version));
                return true;
            }
            catch (StreamVersionConflictException)
            {
                return false;
            }
        });
    }

    private static async Task SaveAsync(EventStore store, Guid stream, ExpectedVersion expected)
    {
        await using var session = store.OpenSession();
        session.Events.Append(stream, expected, new Tick(1, "a"));
        await session.SaveChangesAsync();
    }

    private static async Task<double> RepeatAsync(int writers, TimeSpan round, Func<int, Task<bool>> work)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            await Task.Yield();
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < round)
                count += await work(writer) ? 1 : 0;

            return count;
        }));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> figures)
    {
        figures.Sort();
        return figures[figures.Count / 2];
    }
}
