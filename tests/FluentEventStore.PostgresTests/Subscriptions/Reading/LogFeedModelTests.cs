using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Reading;
using FluentEventStore.Subscriptions;

namespace FluentEventStore.PostgresTests.Subscriptions.Reading;

/// <summary>Walkers with random queries and speeds get, while the log grows, what each would read alone.</summary>
public sealed class LogFeedModelTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_walker_gets_what_it_would_read_alone_whatever_the_others_do()
    {
        for (var round = 0; round < LongForm.Of(3, 60); round++)
            await RunAsync(Random.Shared.Next());
    }

    private async Task RunAsync(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();

        // What cannot be read stands in its place for those who let it pass.
        await bank.ExecuteAsync(
            """
            create function {schema}.spoil() returns trigger language plpgsql
            as $$ begin new.type := 'unheard-of'; return new; end $$;
            create trigger spoil before insert on {schema}.events
            for each row when (new.position % 7 = 0) execute function {schema}.spoil()
            """);
        await AppendAsync(bank, random, 200);
        await using var parts = new LogParts(
            bank, new PageBounds { LogEvents = random.Next(1, 40), Positions = random.Next(10, 200), Weight = random.Next(5, 400) });
        var bounds = new FeedBounds
        {
            Near = random.Next(1, 300),
            Join = random.Next(1, 50),
            Events = random.Next(1, 60),
            Pages = random.Next(1, 10),
            Bytes = random.Next(1, 200_000),
            Age = TimeSpan.FromMilliseconds(random.Next(1, 100)),
            Interest = TimeSpan.FromMilliseconds(random.Next(1, 100)),
        };
        await using var feed = new LogFeed(parts.Reader, bounds: bounds);
        var last = 320L;
        var walkers = Enumerable.Range(0, 12)
            .Select(_ => (Query: LogParts.Follow(RandomFilter(random)), Start: random.NextInt64(0, 150), Random: new Random(random.Next())))
            .ToList();
        var walking = walkers.Select(walker => Task.Run(() => WalkAsync(parts, feed, walker.Query, walker.Start, last, walker.Random)))
            .ToList();
        while (await parts.SettledAsync() < last)
            await AppendAsync(bank, random, 20);

        var walks = await Task.WhenAll(walking);
        for (var index = 0; index < walkers.Count; index++)
        {
            var alone = await ReadAloneAsync(parts, walkers[index].Query, walkers[index].Start, last);
            walks[index].ShouldBe(alone, $"seed {seed}, walker {index}");
        }
    }

    private static async Task<List<string>> WalkAsync(
        LogParts parts, LogFeed feed, LogQuery query, long start, long last, Random random)
    {
        List<string> found = [];
        for (var after = start; after < last;)
        {
            var settled = Math.Min(last, await parts.Settler.WaitBeyondAsync(after, Cancelled));
            do
            {
                var page = await feed.FetchAsync(query, after, settled, Cancelled);
                (page.After, page.ReadTo > after, page.ReadTo <= settled).ShouldBe((after, true, true));
                found.AddRange(page.Events.Select(Describe));
                after = page.ReadTo;
                for (var pauses = random.Next(3); pauses > 0; pauses--)
                    await Task.Yield();
            }
            while (after < settled);
        }

        return found;
    }

    private static async Task<List<string>> ReadAloneAsync(LogParts parts, LogQuery query, long after, long settled)
    {
        List<string> found = [];
        while (after < settled)
        {
            var page = await parts.Reader.FetchWholePageAsync(query, after, settled, Cancelled);
            found.AddRange(page.Events.Select(Describe));
            after = page.ReadTo;
        }

        return found;
    }

    private static string Describe(IEvent @event) => $"{@event.Position} {@event.Id} {@event.GetType().Name} {@event.TenantId}";

    private static EventFilter RandomFilter(Random random)
    {
        var filter = new EventFilter();
        switch (random.Next(8))
        {
            case 0:
                filter.WithTag("n", $"{random.Next(3)}");
                break;
            case 1:
                filter.OnlyActive();
                break;
            case 2:
                filter.OfTenants($"t{random.Next(3)}");
                break;
            case 3:
                filter.OfStreams("s-1");
                break;
        }

        if (random.Next(2) == 0)
            filter.OfTypes(random.Next(2) == 0 ? ["note-taken"] : ["fee-charged", "unheard-of"]);

        return filter;
    }

    private static async Task AppendAsync(BankStore bank, Random random, int count)
    {
        for (var index = 0; index < count;)
        {
            await using var session = bank.Store.OpenSession(new TenantId($"t{random.Next(3)}"));
            for (var events = random.Next(1, 10); events > 0; events--, index++)
            {
                object data = random.Next(3) == 0 ? new FeeCharged(1, "a") : new NoteTaken(new string('x', random.Next(200)));
                session.Events.Append($"s-{random.Next(3)}", data).WithTag("n", $"{random.Next(3)}");
            }

            await session.SaveChangesAsync(Cancelled);
        }
    }
}
