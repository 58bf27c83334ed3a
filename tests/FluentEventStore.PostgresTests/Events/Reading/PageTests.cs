using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>Where pages end and what is told at their ends, each test in a store of its own.</summary>
public sealed class PageTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task With_a_filter_that_nothing_passes_the_log_is_read_page_by_page_to_the_end_and_the_progress_is_reported()
    {
        await AppendAsync("s", 10);
        var filter = new EventFilter().OfStreams("nothing");

        (await ReadAsync(new PageBounds { Positions = 3 }, filter)).ShouldBe(("", "3 6 9 10"));
        (await ReadAsync(new PageBounds { Positions = 3 }, filter, backwards: true)).ShouldBe(("", "8 5 2 1"));
        (await ReadAsync(new PageBounds { Positions = 3 }, filter, after: 2, upTo: 7)).ShouldBe(("", "5 7"));
        (await ReadAsync(new PageBounds { Positions = 3 }, filter, after: 10)).ShouldBe(("", ""));
    }

    [Fact]
    public async Task No_page_looks_at_more_than_30_000_positions()
    {
        for (var part = 0; part < 3; part++)
            await AppendAsync("s", 20_001);

        (await ReadAsync(PageBounds.Default, new EventFilter().OfStreams("nothing"))).ShouldBe(("", "30000 60000 60003"));
        (await ReadAsync(PageBounds.Default, new EventFilter().OfTypes("nothing"), backwards: true)).ShouldBe(("", "30004 4 1"));
    }

    [Fact]
    public async Task A_page_ends_where_it_is_full_and_the_next_one_goes_on_there()
    {
        await AppendAsync("a", 3);
        await AppendAsync("b", 3);
        await AppendAsync("a", 3);

        (await ReadAsync(new PageBounds { LogEvents = 2, Positions = 7 }, new EventFilter().OfStreams("a"))).ShouldBe(
            ("1 2 3 7 8 9", "2 7 9"));
        (await ReadAsync(new PageBounds { LogEvents = 2, Positions = 7 }, new EventFilter().OfStreams("a"), backwards: true)).ShouldBe(
            ("9 8 7 3 2 1", "8 3 1"));
        (await ReadAsync(new PageBounds { LogEvents = 2, Positions = 7 }, new EventFilter().OfStreams("a"), maxCount: 3)).ShouldBe(
            ("1 2 3", "2 3"));
    }

    [Fact]
    public async Task A_hole_of_any_size_is_passed_in_one_step()
    {
        await AppendAsync("s", 2);
        await _bank.ExecuteAsync("select setval('{schema}.positions', 10000000000)");
        await AppendAsync("s", 2);

        foreach (var filter in (EventFilter?[])[null, new EventFilter().OfStream("s")])
        {
            (await ReadAsync(new PageBounds { Positions = 3 }, filter)).ShouldBe(
                ("1 2 10000000001 10000000002", "3 10000000000 10000000002"));
            (await ReadAsync(new PageBounds { Positions = 3 }, filter, backwards: true)).ShouldBe(
                ("10000000002 10000000001 2 1", "10000000000 3 1"));
            (await ReadAsync(new PageBounds { Positions = 3 }, filter, after: 2, upTo: 9_000_000_000)).ShouldBe(("", "9000000000"));
        }

        (await ReadAsync(new PageBounds { Positions = 3 }, new EventFilter().OfStream("other"))).ShouldBe(("", "10000000002"));
    }

    [Fact]
    public async Task A_follower_learns_how_far_it_has_read_even_if_nothing_passes()
    {
        await AppendAsync("s", 10);
        await AppendAsync("found", 1);
        await using var store = _bank.CreateStore(static options => options.PageBounds = new PageBounds { Positions = 4 });
        var progress = new Recorded();
        await using var following = store.Log
            .FollowAsync(new LogStart { Progress = progress }, new EventFilter().OfStream("found"), Cancelled)
            .GetAsyncEnumerator(Cancelled);

        await following.MoveNextAsync();
        following.Current.Position.ShouldBe(11);
        progress.ToString().ShouldBe("4 8", "the page of the event is not taken yet");

        var next = following.MoveNextAsync();
        await AppendAsync("found", 1);
        await next;
        progress.ToString().ShouldBe("4 8 11");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_events_end_a_page_however_they_are_stored(bool compressed)
    {
        var random = new Random(7);
        for (var index = 0; index < 8; index++)
            await _bank.AppendAsync("s", new NoteTaken(compressed ? new string('x', 3_000_000) : RandomText(random, 3_000_000)));
        await AppendAsync("s", 5);

        // A page of 4 MB holds two large ones. Compressed they are a ninetieth of that, which counts eight times.
        var (read, progress) = await ReadAsync(PageBounds.Default, filter: null);
        read.Split(' ').Length.ShouldBe(13);
        progress.Split(' ').Length.ShouldBe(compressed ? 1 : 5);

        // With pages of 100 kB, each large one is a page of its own, however it is stored.
        (await ReadAsync(new PageBounds { Weight = 100_000 / 8 }, filter: null)).Progress.ShouldBe("1 2 3 4 5 6 7 8 13");
        (await ReadAsync(new PageBounds { Weight = 100_000 / 8 }, new EventFilter().OfStream("s"), backwards: true)).Progress.ShouldBe(
            "8 7 6 5 4 3 2 1");
    }

    [Fact]
    public async Task Large_headers_end_a_page()
    {
        var random = new Random(7);
        await using var session = _bank.Store.OpenSession();
        for (var index = 0; index < 4; index++)
            session.Events.Append("s", new NoteTaken("a")).WithHeader("large", RandomText(random, 7_000));
        await session.SaveChangesAsync(Cancelled);

        (await ReadAsync(new PageBounds { Weight = 5_000 / 8 }, filter: null)).Progress.ShouldBe("1 2 3 4");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_stream_is_read_whole_wherever_its_pages_end(int events)
    {
        await AppendAsync("s", 10);
        await using var store = _bank.CreateStore(options => options.PageBounds = new PageBounds { StreamEvents = events, Weight = 4 });
        await using var session = store.OpenQuerySession();

        (await session.Events.ReadStreamAsync("s", cancellationToken: Cancelled).ToListAsync(Cancelled))
            .Select(static e => e.Version)
            .ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        (await session.Events.ReadStreamAsync("s", new StreamRange { MaxCount = 7, Backwards = true }, Cancelled).ToListAsync(Cancelled))
            .Select(static e => e.Version)
            .ShouldBe([10, 9, 8, 7, 6, 5, 4]);
    }

    [Fact]
    public async Task An_export_of_large_events_between_holes_is_whole()
    {
        var random = new Random(7);
        await _bank.AppendAsync(
            "s", new NoteTaken(RandomText(random, 100_000)), new NoteTaken(RandomText(random, 100_000)), new NoteTaken("a"));
        await _bank.ExecuteAsync("select setval('{schema}.positions', 10000000000)");
        await AppendAsync("s", 3);
        await AppendAsync("other", 3);
        await using var store = _bank.CreateStore(
            options => options.PageBounds = new PageBounds { StreamEvents = 2, Positions = 2, Weight = 100 });

        foreach (var (options, expected) in ((ExportOptions, long)[])[
            (new ExportOptions(), 9),
            (new ExportOptions { StreamId = "s" }, 6),
            (new ExportOptions { StreamPrefix = "o" }, 3),
            (new ExportOptions { TenantId = "red" }, 0)
        ])
        {
            using var file = new MemoryStream();
            (await store.Transfer.ExportAsync(file, options, Cancelled)).Events.ShouldBe(expected);
        }
    }

    private static string RandomText(Random random, int length)
    {
        var bytes = new byte[length / 4 * 3];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private Task<Commit> AppendAsync(string stream, int count) =>
        _bank.AppendAsync(stream, [.. Enumerable.Range(0, count).Select(static index => new NoteTaken($"{index}"))]);

    private async Task<(string Positions, string Progress)> ReadAsync(
        PageBounds bounds, EventFilter? filter, long after = 0, long? upTo = null, int? maxCount = null, bool backwards = false)
    {
        await using var store = _bank.CreateStore(options => options.PageBounds = bounds);
        await using var session = store.OpenQuerySession();
        var progress = new Recorded();
        var events = await session.Events.ReadAllAsync(
            new LogRange { After = after, MaxCount = maxCount, Backwards = backwards, UpTo = upTo, Progress = progress },
            filter ?? new EventFilter(),
            Cancelled).ToListAsync(Cancelled);
        return (string.Join(' ', events.Select(static e => e.Position)), progress.ToString());
    }

    private sealed class Recorded : IProgress<long>
    {
        private readonly List<long> _values = [];

        public void Report(long value) => _values.Add(value);

        public override string ToString() => string.Join(' ', _values);
    }
}
