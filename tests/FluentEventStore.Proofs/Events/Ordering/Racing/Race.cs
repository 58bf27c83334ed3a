using System.Diagnostics;
using System.Runtime.CompilerServices;
using FluentEventStore.PostgresTests.Events.Ordering;
using Npgsql;

namespace FluentEventStore.Proofs.Events.Ordering.Racing;

/// <summary>Writers against readers who follow the log. When all have ended, what each reader got is compared with the table.</summary>
internal sealed class Race(BankStore bank, int seed)
{
    private const string End = "end";

    public int Seed { get; } = seed;

    public string Schema { get; } = bank.Schema;

    public string ConnectionString { get; } = new NpgsqlConnectionStringBuilder(bank.ConnectionString) { Pooling = false }.ConnectionString;

    public int Writers { get; init; } = 8;

    public int TransactionsPerWriter { get; init; } = 40;

    public int LargeSize { get; init; } = 300;

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest rest of a writer between two transactions.</summary>
    public TimeSpan LongestRest { get; init; }

    /// <summary>
    /// If it is not zero, writers begin together at multiples of it, after a moment in which nobody holds a lock. A busy race hardly has
    /// such moments.
    /// </summary>
    public TimeSpan BurstInterval { get; init; }

    /// <summary>What each writer first runs on its connection.</summary>
    public string? PrepareWriter { get; init; }

    public IReadOnlyList<RaceReader> Readers { get; init; } = [FollowAsync];

    public bool HasTwoPhaseCommit { get; private set; }

    /// <summary>Follows as a subscription does.</summary>
    public static async IAsyncEnumerable<(long Position, string Text)> FollowAsync(
        Race race, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var @event in race.Store.Log.FollowAsync(cancellationToken: cancellationToken))
            yield return (@event.Position, ((NoteTaken)@event.Data).Text);
    }

    /// <summary>Reads again and again what there is, on a store of its own, as a program with a bookmark does.</summary>
    public static async IAsyncEnumerable<(long Position, string Text)> ReadAllAsync(
        Race race, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var store = race.CreateStore();
        await using var session = store.OpenQuerySession();
        for (var after = 0L; ; await Task.Yield())
        {
            await foreach (var @event in session.Events.ReadAllAsync(new LogRange { After = after }, cancellationToken))
            {
                after = @event.Position;
                yield return (after, ((NoteTaken)@event.Data).Text);
            }
        }
    }

    public EventStore Store { get; } = bank.Store;

    public EventStore CreateStore() => bank.CreateStore();

    /// <returns>An outcome for each reader.</returns>
    public async Task<IReadOnlyList<RaceOutcome>> RunAsync()
    {
        HasTwoPhaseCommit = (string)(await bank.ExecuteAsync("show max_prepared_transactions"))! != "0";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reading = Task.WhenAll(Readers.Select(reader => Task.Run(() => CollectAsync(reader, ending.Token))));
        var writing = Task.WhenAll(Enumerable.Range(1, Writers).Select(number => Task.Run(new RaceWriter(this, number).RunAsync)));

        // A reader that fails ends the race; its failure is the result.
        if (await Task.WhenAny(writing, reading) == reading)
            await reading;

        var acknowledged = (await writing).SelectMany(static texts => texts).ToHashSet();
        await EndReadingAsync(reading, ending);
        var table = await FetchTableAsync();
        table.Select(static row => row.Text)
            .ToHashSet()
            .SetEquals(acknowledged)
            .ShouldBeTrue("what was acknowledged is what the table holds");
        return [.. (await reading).Select(seen => RaceOutcome.Of(table, seen))];
    }

    private async Task<List<(long Position, string Text)>> CollectAsync(RaceReader reader, CancellationToken cancellationToken)
    {
        var seen = new List<(long Position, string Text)>();
        await foreach (var row in reader(this, cancellationToken))
        {
            if (row.Text == End)
                break;

            seen.Add(row);
        }

        return seen;
    }

    /// <summary>Appends what readers end at, more than once: a reader with a fault may lose that too.</summary>
    private async Task EndReadingAsync(Task reading, CancellationTokenSource ending)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await RaceWriter.PrepareAsync(this, connection);
        for (var started = Stopwatch.GetTimestamp();
            !reading.IsCompleted && Stopwatch.GetElapsedTime(started) < Eventually.HangGuard;)
        {
            await AppendCall.RunAsync(connection, Schema, End, [End]);
            await Task.WhenAny(reading, Task.Delay(200));
        }

        if (!reading.IsCompleted)
        {
            await ending.CancelAsync();
            throw new TimeoutException("A reader did not get to the end of the log.");
        }
    }

    private async Task<List<(long Position, string Text)>> FetchTableAsync()
    {
        var table = new List<(long Position, string Text)>();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"select position, data ->> 'text' from {Schema}.events where data ->> 'text' <> '{End}' order by position", connection);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            table.Add((rows.GetInt64(0), rows.GetString(1)));

        return table;
    }
}
