using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.Proofs.Reliability;

/// <summary>The server is stopped as by a crash, in the middle of writes, and started again on the same data.</summary>
public sealed class ServerCrashTests
{
    private const int Writers = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentBag<Unit> _acknowledged = [];
    private readonly ConcurrentBag<Unit> _unknown = [];

    private static int Crashes => LongForm.Of(20, 200);

    [Fact]
    public async Task Every_acknowledged_unit_is_there_and_whole_and_one_of_unknown_outcome_is_written_once_when_saved_again()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(LocalPostgres.EnvironmentVariable) is { Length: > 0 },
            $"{LocalPostgres.EnvironmentVariable} names a server, and this test crashes its own: unset it.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        for (var crash = 0; crash < Crashes; crash++)
        {
            await using var postgres = await LocalPostgres.StartAsync(
                new LocalPostgresOptions { DataDirectory = folder.Child("data") }, TestContext.Current.CancellationToken);
            await using var store = EventStore.For(
                options => options.Connection(postgres.ConnectionString + ";Timeout=30;Command Timeout=120"));
            await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);
            await SettleAsync(store);


            var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(store, crash, writer))).ToList();
            var enough = _acknowledged.Count + random.Next(20, 120);
            while (_acknowledged.Count < enough)
                await Task.Delay(1, TestContext.Current.CancellationToken);

            await Crash.OfAsync(postgres.ConnectionString);
            await Task.WhenAll(writing).WaitAsync(Longest, TestContext.Current.CancellationToken);
        }

        await using var last = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { DataDirectory = folder.Child("data") }, TestContext.Current.CancellationToken);
        await using var checking = EventStore.For(options => options.Connection(last.ConnectionString));
        await SettleAsync(checking);
        await CheckAsync(checking);
    }

    /// <summary>Saves units one after the other until the server is gone.</summary>
    private async Task WriteAsync(EventStore store, int crash, int writer)
    {
        for (var number = 0; ; number++)
        {
            var unit = new Unit(
                $"w{writer}", $"w{writer}-{crash}-{number}", [Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()]);
            try
            {
                await SaveAsync(store, unit);
                _acknowledged.Add(unit);
            }
            catch (Exception failure) when (failure is CommitOutcomeUnknownException or NpgsqlException)
            {
                _unknown.Add(unit);
                return;
            }
        }
    }

    /// <summary>Saves again what had no known outcome when the server crashed.</summary>
    private async Task SettleAsync(EventStore store)
    {
        while (_unknown.TryTake(out var unit))
        {
            await SaveAsync(store, unit);
            _acknowledged.Add(unit);
        }
    }

    private static async Task SaveAsync(EventStore store, Unit unit)
    {
        await using var session = store.OpenSession();
        session.Events.Append(unit.Shared, new NoteTaken("a")).WithEventId(unit.EventIds[0]);
        session.Events.Append(unit.Own, new NoteTaken("b"), new NoteTaken("c")).WithEventIds([unit.EventIds[1], unit.EventIds[2]]);
        await session.SaveChangesAsync();
    }

    private async Task CheckAsync(EventStore store)
    {
        var recorded = new Dictionary<Guid, IEvent>();
        var versions = new Dictionary<StreamId, long>();
        await using var session = store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            recorded.Add(e.Id, e);
            e.Version.ShouldBe(versions.GetValueOrDefault(e.StreamId) + 1);
            versions[e.StreamId] = e.Version;
        }

        _acknowledged.SelectMany(static unit => unit.EventIds).Where(id => !recorded.ContainsKey(id)).ShouldBeEmpty();
        recorded.Count.ShouldBe(_acknowledged.Count * 3);
        _acknowledged.Count.ShouldBeGreaterThan(Crashes * 20);
    }

    private sealed record Unit(StreamId Shared, StreamId Own, Guid[] EventIds);
}
