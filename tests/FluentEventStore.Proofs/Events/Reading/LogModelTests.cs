using FluentEventStore.Events;
using FluentEventStore.Proofs.Events.Reading.Differential;

namespace FluentEventStore.Proofs.Events.Reading;

/// <summary>Random logs are read with random filters, ranges and pages, and give what a model in memory gives.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 takes thirty logs instead of two.</remarks>
public sealed class LogModelTests(PostgresServer server)
{
    private const int Units = 160;
    private const int Stores = 5;
    private const int Readings = 25;

    private static readonly int Logs = LongForm.Of(2, 30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reading_gives_what_the_model_gives()
    {
        for (var log = 0; log < Logs; log++)
            await RunAsync(Random.Shared.Next());
    }

    private async Task RunAsync(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        var log = new RandomLog(bank, random);
        await log.WriteAsync(Units, Cancelled);
        for (var store = 0; store < Stores; store++)
        {
            var bounds = new PageBounds
            {
                LogEvents = random.Next(1, 8),
                StreamEvents = random.Next(1, 5),
                Positions = random.Next(4) == 0 ? random.Next(1, 10) : random.Next(10, 300),
                Weight = random.Next(2) == 0 ? random.Next(1, 100) : random.Next(100, 20_000),
            };
            await using var reader = bank.CreateStore(options => options.PageBounds = bounds);
            for (var reading = 0; reading < Readings; reading++)
            {
                await ReadLogAsync(reader, log, random, $"seed {seed}, {bounds}");
                await ReadStreamAsync(reader, log, random, $"seed {seed}, {bounds}");
            }
        }
    }

    private static async Task ReadLogAsync(EventStore store, RandomLog log, Random random, string what)
    {
        var filter = new RandomFilter(random);
        var tenant = RandomLog.Tenants[random.Next(RandomLog.Tenants.Length)];
        var last = log.Events.Count == 0 ? 0 : log.Events[^1].Position;
        var (after, upTo) = (RandomPosition(), random.Next(3) == 0 ? RandomPosition() : default(long?));
        var maxCount = random.Next(3) == 0 ? random.Next(1, 20) : default(int?);
        what = $"{what}, {filter}, tenant {tenant}, after {after}, up to {upTo}, at most {maxCount}";
        var inRange = log.Events.Where(e => e.Position > after && (upTo is null || e.Position <= upTo)).ToList();
        List<Guid> expected = [.. filter.Of(inRange, tenant).Select(static e => e.Id)];

        await using var session = store.OpenQuerySession(tenant);
        var forwards = new Told();
        (await IdsAsync(
            session.Events.ReadAllAsync(
                new LogRange { After = after, MaxCount = maxCount, UpTo = upTo, Progress = forwards }, filter.Filter, Cancelled)))
            .ShouldBe(expected.Take(maxCount ?? int.MaxValue), what);
        forwards.Positions.ShouldBeInOrder(SortDirection.Ascending);
        var backwards = new Told();
        (await IdsAsync(
            session.Events.ReadAllAsync(
                new LogRange { After = after, MaxCount = maxCount, Backwards = true, UpTo = upTo, Progress = backwards },
                filter.Filter,
                Cancelled)))
            .ShouldBe(Enumerable.Reverse(expected).Take(maxCount ?? int.MaxValue), $"{what}, backwards");
        backwards.Positions.ShouldBeInOrder(SortDirection.Descending);
        if (after < last)
            (await FollowAsync(store, filter.Filter, after, last)).ShouldBe(
                filter.Of(log.Events.Where(e => e.Position > after), reader: null).Select(static e => e.Id), $"{what}, followed");

        long RandomPosition() => random.Next(3) switch
        {
            0 => 0,
            1 => random.NextInt64(last + 2),
            _ => log.Events.Count == 0 ? 0 : log.Events[random.Next(log.Events.Count)].Position,
        };
    }

    /// <summary>Follows until it is told that all is read.</summary>
    private static async Task<List<Guid>> FollowAsync(EventStore store, EventFilter filter, long after, long last)
    {
        var ids = new List<Guid>();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var told = new Told(position =>
        {
            if (position >= last)
                ending.Cancel();
        });
        try
        {
            await foreach (var e in store.Log.FollowAsync(new LogStart { After = after, Progress = told }, filter, ending.Token))
                ids.Add(e.Id);
        }
        catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
        {
            // It never ends by itself.
        }

        return ids;
    }

    private static async Task ReadStreamAsync(EventStore store, RandomLog log, Random random, string what)
    {
        if (log.Streams.Count == 0)
            return;

        var stream = log.Streams.ElementAt(random.Next(log.Streams.Count));
        var (from, to) = (
            random.Next(2) == 0 ? 1 : random.NextInt64(1, stream.Version + 2),
            random.Next(2) == 0 ? default(long?) : random.NextInt64(1, stream.Version + 2));
        var until = random.Next(2) == 0 ? RandomLog.Start.AddMinutes(random.Next(1_000)) : default(DateTimeOffset?);
        var maxCount = random.Next(3) == 0 ? random.Next(1, 10) : default(int?);
        var (backwards, includeArchived) = (random.Next(2) == 0, random.Next(2) == 0);
        List<Guid> expected = [.. stream.Read(from, to ?? long.MaxValue, until, maxCount, backwards, includeArchived)];
        what =
            $"{what}, stream {stream.TenantId}/{stream.Id} from {from} to {to} until {until:HH:mm}, at most {maxCount}, backwards "
                + $"{backwards}, with archived {includeArchived}";

        await using var session = store.OpenQuerySession(stream.TenantId);
        (await session.Events.FetchStreamAsync(
            stream.Id,
            new StreamRange
            {
                From = from,
                To = to,
                Until = until,
                MaxCount = maxCount,
                Backwards = backwards,
                IncludeArchived = includeArchived
            },
            Cancelled))
            .Select(static e => e.Id)
            .ShouldBe(expected, what);
        (await IdsAsync(
            session.Events.ReadStreamAsync(
                stream.Id,
                new StreamRange
                {
                    From = from,
                    To = to,
                    Until = until,
                    MaxCount = maxCount,
                    Backwards = backwards,
                    IncludeArchived = includeArchived
                },
                Cancelled)))
            .ShouldBe(expected, $"{what}, in pages");
    }

    private static async Task<List<Guid>> IdsAsync(IAsyncEnumerable<IEvent> events) =>
        await events.Select(static e => e.Id).ToListAsync(Cancelled);

    private sealed class Told(Action<long>? then = null) : IProgress<long>
    {
        public List<long> Positions { get; } = [];

        public void Report(long value)
        {
            Positions.Add(value);
            then?.Invoke(value);
        }
    }
}
