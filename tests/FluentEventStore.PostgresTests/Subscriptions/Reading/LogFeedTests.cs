using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Reading;
using FluentEventStore.Subscriptions;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Subscriptions.Reading;

/// <summary>
/// How many share what is read of the log, each test in a store of its own. The clock stands still unless a test moves it, so that no page
/// gets old.
/// </summary>
public sealed class LogFeedTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task Twenty_walkers_with_one_query_read_about_as_many_pages_as_one(long near)
    {
        await AppendAsync(300);
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 10, Positions = 20 });
        await using var feed = Feed(parts, new FeedBounds { Near = near });

        var walks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => WalkAsync(feed, LogParts.Follow(new EventFilter().OfTypes("note-taken")), 300))));

        walks.ShouldAllBe(static walk => walk.SequenceEqual(Enumerable.Range(1, 300).Select(static position => (long)position)));
        parts.Database.Pages.ShouldBeLessThanOrEqualTo(32);
    }

    [Fact]
    public async Task Near_the_end_all_that_can_be_judged_share_the_pages_of_all_types_that_one_of_them_takes()
    {
        await AppendAsync(40);
        await _bank.TamperAsync("update {schema}.events set type = 'a' || position % 4");
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 10 });
        await using var feed = Feed(parts);
        LogQuery[] queries = [.. Enumerable.Range(0, 3).Select(static type => LogParts.Follow(new EventFilter().OfTypes($"a{type}")))];

        // The first reads alone until the others are known.
        foreach (var query in queries)
            await feed.FetchAsync(query, 0, 40, Cancelled);
        var before = parts.Database.Pages;
        for (var type = 0; type < 3; type++)
        {
            (await WalkAsync(feed, queries[type], 40))
                .ShouldBe(Enumerable.Range(1, 40).Where(position => position % 4 == type).Select(static position => (long)position));
        }

        (parts.Database.Pages - before).ShouldBe(2, "30 of the 40 events are of one of the types, and the first page was at hand");
    }

    [Fact]
    public async Task Who_is_at_another_place_soon_shares_as_well()
    {
        await AppendAsync(200);
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 10 });
        await using var feed = Feed(parts, new FeedBounds { Events = 1 });
        var query = LogParts.Follow();

        await feed.FetchAsync(query, 103, 200, Cancelled);
        var before = await feed.FetchAsync(query, 100, 200, Cancelled);
        before.ReadTo.ShouldBe(103, "what comes behind is at hand");
        var middle = await feed.FetchAsync(query, 107, 200, Cancelled);
        (middle.After, middle.ReadTo).ShouldBe((107, 113));
        middle.Events.Select(static e => e.Position).ShouldBe([108, 109, 110, 111, 112, 113]);
        parts.Database.Pages.ShouldBe(2);
    }

    [Fact]
    public async Task Small_pages_that_follow_each_other_are_handed_out_at_once()
    {
        await AppendAsync(9);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        for (var settled = 1; settled <= 9; settled++)
            (await feed.FetchAsync(LogParts.Follow(), settled - 1, settled, Cancelled)).ReadTo.ShouldBe(settled);

        var all = await feed.FetchAsync(LogParts.Follow(), 2, 8, Cancelled);

        (all.ReadTo, all.Events.Count, parts.Database.Pages).ShouldBe((8, 6, 9));
    }

    [Fact]
    public async Task Nobody_gets_what_is_not_settled_for_him()
    {
        await AppendAsync(10);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        await feed.FetchAsync(LogParts.Follow(), 0, 10, Cancelled);

        var page = await feed.FetchAsync(LogParts.Follow(), 0, 4, Cancelled);

        (page.ReadTo, page.Events.Count).ShouldBe((4, 4));
        (await feed.FetchAsync(LogParts.Follow(), 4, 4, Cancelled)).ShouldBe(new FeedPage(4, 4, []));
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_others_their_page_and_a_slow_reader_holds_nobody_up()
    {
        await AppendAsync(20);
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 10 });
        await using var feed = Feed(parts);
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var ofCaller = new AsyncLocal<string?> { Value = "the first caller's" };
        var seen = "";
        parts.Database.BeforePage = async _ =>
        {
            seen = ofCaller.Value;
            begun.TrySetResult();
            await gate.Task;
        };
        using var giving = new CancellationTokenSource();
        var first = feed.FetchAsync(LogParts.Follow(), 0, 20, giving.Token);
        await begun.Task;
        var second = feed.FetchAsync(LogParts.Follow(), 0, 20, Cancelled);
        await giving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        gate.SetResult();
        (await second).Events.Count.ShouldBe(10);
        (parts.Database.Pages, seen).ShouldBe((1, null));
        (await WalkAsync(feed, LogParts.Follow(), 20)).Count.ShouldBe(20);
        (await feed.FetchAsync(LogParts.Follow(), 5, 20, Cancelled)).Events.Count.ShouldBe(15, "the slow one goes on where it was");
    }

    [Fact]
    public async Task The_failure_of_a_read_is_that_of_those_who_asked_for_it_and_is_forgotten()
    {
        await AppendAsync(5);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        var gate = new TaskCompletionSource();
        parts.Database.BeforePage = _ => gate.Task;
        var asking = Enumerable.Range(0, 3).Select(_ => feed.FetchAsync(LogParts.Follow(), 0, 5, Cancelled)).ToList();
        gate.SetException(new TimeoutException("away"));
        foreach (var asked in asking)
            (await Should.ThrowAsync<TimeoutException>(() => asked)).Message.ShouldBe("away");

        parts.Database.BeforePage = null;
        (await feed.FetchAsync(LogParts.Follow(), 0, 5, Cancelled)).Events.Count.ShouldBe(5);
        parts.Database.Pages.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_loss_of_the_end_of_the_log_nothing_is_served_that_was_read_before()
    {
        await AppendAsync(10);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        await feed.FetchAsync(LogParts.Follow(), 0, await parts.SettledAsync(), Cancelled);
        await _bank.TamperAsync("delete from {schema}.events where position > 6; select setval('{schema}.positions', 6)");
        await _bank.TamperAsync("update {schema}.streams set version = 6");
        (await parts.SettledAsync()).ShouldBe(6);
        parts.Settler.Loss.ShouldNotBeNull();

        await AppendAsync(8);
        var page = await feed.FetchAsync(LogParts.Follow(), 4, await parts.SettledAsync(), Cancelled);

        page.Events.Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(["4", "5", "0", "1", "2", "3", "4", "5", "6", "7"]);
    }

    [Fact]
    public async Task If_the_connections_may_lead_elsewhere_everything_is_read_anew()
    {
        await AppendAsync(5);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        await feed.FetchAsync(LogParts.Follow(), 0, 5, Cancelled);
        await feed.FetchAsync(LogParts.Follow(), 0, 5, Cancelled);
        parts.Database.Pages.ShouldBe(1);

        parts.Database.Connections.Lost();
        await feed.FetchAsync(LogParts.Follow(), 0, 5, Cancelled);

        parts.Database.Pages.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_masked_is_out_of_memory_a_second_later_even_if_nobody_asks()
    {
        await AppendAsync(3);
        await using var parts = new LogParts(_bank);
        await using var feed = Feed(parts);
        await feed.FetchAsync(LogParts.Follow(), 0, 3, Cancelled);
        await _bank.TamperAsync("update {schema}.events set data = jsonb_set(data, '{text}', '\"***\"')");
        _clock.Advance(FeedBounds.Default.Age / 2);
        feed.Bytes.ShouldBeGreaterThan(0);

        _clock.Advance(FeedBounds.Default.Age / 2);

        feed.Bytes.ShouldBe(0);
        (await feed.FetchAsync(LogParts.Follow(), 0, 3, Cancelled)).Events.ShouldAllBe(static e => ((NoteTaken)e.Data).Text == "***");
    }

    [Fact]
    public async Task However_long_the_log_is_and_however_many_walk_only_some_pages_are_kept()
    {
        var text = new string('x', 50_000);
        await _bank.AppendAsync("s", [.. Enumerable.Range(0, 400).Select(index => new NoteTaken($"{index}{text}"))]);
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 20 });
        await using var feed = Feed(parts, new FeedBounds { Bytes = 5_000_000, Near = 200 });
        var (highest, before) = (0L, GC.GetTotalMemory(forceFullCollection: true));
        for (var walker = 0; walker < 4; walker++)
        {
            for (var after = 0L; after < 400;)
            {
                after = (await feed.FetchAsync(LogParts.Follow(), after, 400, Cancelled)).ReadTo;
                highest = Math.Max(highest, feed.Bytes);
            }
        }

        highest.ShouldBeInRange(1_000_000, 10_000_000, "5 MB near the end, and 5 MB of the others");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(20_000_000, "the log takes 40 MB");
    }

    [Fact]
    public async Task No_more_connections_are_used_than_is_said_however_many_ask()
    {
        await AppendAsync(100);
        await using var parts = new LogParts(_bank, new PageBounds { LogEvents = 10 });
        await using var feed = Feed(parts, new FeedBounds { Near = 30 });
        var (running, most) = (0, 0);
        parts.Database.BeforePage = async _ =>
        {
            lock (parts)
                most = Math.Max(most, ++running);
            await Task.Yield();
            lock (parts)
                running--;
        };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(
            () => WalkAsync(feed, LogParts.Follow(new EventFilter().OfTypes("note-taken", $"t{index}")), 100))));

        most.ShouldBeLessThanOrEqualTo(1 + FeedBounds.Default.ReadsOfOthers);
    }

    [Fact]
    public async Task Once_it_is_disposed_nobody_gets_anything()
    {
        await AppendAsync(3);
        await using var parts = new LogParts(_bank);
        var feed = Feed(parts);
        var begun = new TaskCompletionSource();
        parts.Database.BeforePage = async token =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        var waiting = feed.FetchAsync(LogParts.Follow(), 0, 3, Cancelled);
        await begun.Task;

        await feed.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => waiting);
        await Should.ThrowAsync<ObjectDisposedException>(() => feed.FetchAsync(LogParts.Follow(), 0, 3, Cancelled));
        await feed.DisposeAsync();
    }

    private static async Task<List<long>> WalkAsync(LogFeed feed, LogQuery query, long settled)
    {
        List<long> positions = [];
        for (var after = 0L; after < settled;)
        {
            var page = await feed.FetchAsync(query, after, settled, Cancelled);
            page.After.ShouldBe(after);
            page.ReadTo.ShouldBeGreaterThan(after);
            positions.AddRange(page.Events.Select(static e => e.Position));
            after = page.ReadTo;
        }

        return positions;
    }

    private LogFeed Feed(LogParts parts, FeedBounds? bounds = null) => new(parts.Reader, _clock, bounds);

    private Task<Commit> AppendAsync(int count) =>
        _bank.AppendAsync("s", [.. Enumerable.Range(0, count).Select(static index => new NoteTaken($"{index}"))]);
}
