using System.Collections.Concurrent;
using Npgsql;

namespace FluentEventStore.Proofs.Reliability;

/// <summary>
/// A cluster fails over under writers and readers; <c>tests/cluster.sh</c> starts it, makes it fail over, and says when that is done.
/// </summary>
public sealed class ClusterTests
{
    /// <summary>The connection string of the cluster, which names all its hosts.</summary>
    private const string Cluster = "FLUENTEVENTSTORE_CLUSTER";

    /// <summary>
    /// The file that says that the last fail-over is over. This test makes another with <c>.begun</c> after that name, when the first may
    /// come.
    /// </summary>
    private const string End = "FLUENTEVENTSTORE_CLUSTER_END";

    private const int Writers = 8;
    private const int Readers = 3;

    private readonly ConcurrentBag<(string Stream, int Number, long Version, long Position)> _journal = [];
    private readonly long[] _seen = new long[Readers];
    private int _unknown;
    private int _lost;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_in_the_log_once_and_in_order_and_readers_missed_nothing_of_it()
    {
        var (connectionString, end) = (Environment.GetEnvironmentVariable(Cluster), Environment.GetEnvironmentVariable(End));
        Assert.SkipWhen(connectionString is null or "" || end is null or "", $"{Cluster} and {End} are not set: run tests/cluster.sh.");
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString!);
            options.Schema = $"cluster_{Guid.NewGuid():N}"[..20];
        });
        await store.Schema.ApplyAsync(Cancelled);
        await File.WriteAllTextAsync($"{end}.begun", "", Cancelled);

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var readers = Enumerable.Range(0, Readers)
            .Select(reader => Task.Run(() => FollowAsync(store, reader, reading.Token), Cancelled))
            .ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(store, $"w{writer}", end!), Cancelled)));

        var log = await ReadAllAsync(store);
        var last = log[^1].Position;
        while (!readers.Exists(static reader => reader.IsFaulted) && _seen.Any(seen => seen < last))
            await Task.Delay(100, Cancelled);

        await reading.CancelAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_journal.Count} acknowledged, {log.Count} in the log, {_unknown} outcomes unknown at first, "
                + $"{_lost} connections of readers lost");
        Check(log);
        foreach (var reader in readers)
            (await reader).ShouldBe(log.Select(static e => e.Id), "what a reader saw");
    }

    private static async Task<List<IEvent>> ReadAllAsync(EventStore store)
    {
        while (true)
        {
            try
            {
                await using var session = store.OpenQuerySession();
                return await session.Events.ReadAllAsync(cancellationToken: Cancelled).ToListAsync(Cancelled);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(200, Cancelled);
            }
        }
    }

    private async Task WriteAsync(EventStore store, string stream, string end)
    {
        for (var number = 1; !File.Exists(end); number++)
        {
            await using var session = store.OpenSession();
            session.Events.Append(stream, new NoteTaken($"{number}"));
            for (var isUnknown = false; ;)
            {
                try
                {
                    var commit = await session.SaveChangesAsync(Cancelled);
                    _journal.Add((stream, number, commit.Streams[stream].Version, commit.Position));
                    break;
                }
                catch (Exception failure) when (failure is CommitOutcomeUnknownException or NpgsqlException)
                {
                    if (failure is CommitOutcomeUnknownException && !isUnknown)
                    {
                        isUnknown = true;
                        Interlocked.Increment(ref _unknown);
                    }

                    await Task.Delay(100, Cancelled);
                }
            }

            await Task.Delay(5, Cancelled);
        }
    }

    private async Task<List<Guid>> FollowAsync(EventStore store, int reader, CancellationToken cancellationToken)
    {
        var (seen, position) = (new List<Guid>(), 0L);
        while (true)
        {
            try
            {
                await foreach (var e in store.Log.FollowAsync(new LogStart { After = position }, cancellationToken))
                {
                    seen.Add(e.Id);
                    position = e.Position;
                    Volatile.Write(ref _seen[reader], position);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return seen;
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                Interlocked.Increment(ref _lost);
                await Task.Delay(200, CancellationToken.None);
            }
        }
    }

    private void Check(List<IEvent> log)
    {
        log.Select(static e => e.Position).ShouldBeInOrder(SortDirection.Ascending);
        var places = log.ToDictionary(
            static e => (e.StreamId.Value, int.Parse(((NoteTaken)e.Data).Text, System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var (stream, number, version, position) in _journal)
        {
            places.ShouldContainKey((stream, number), "what was acknowledged is in the log");
            (places[(stream, number)].Version, places[(stream, number)].Position).ShouldBe((version, position), $"{stream} {number}");
        }

        foreach (var stream in log.GroupBy(static e => e.StreamId.Value))
            stream.Select(static e => e.Version).ShouldBe(
                Enumerable.Range(1, stream.Count()).Select(static version => (long)version), "the versions of a stream");
    }
}
