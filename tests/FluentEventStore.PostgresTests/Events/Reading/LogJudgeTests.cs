using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>A filter that is applied in memory lets the same pass as the database.</summary>
public sealed class LogJudgeTests(BankStore bank) : IClassFixture<BankStore>
{
    private static readonly DateTimeOffset Start = new(1999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private static readonly string[] Ids = ["a", "a-1", "A-1", "ab", "é", "e\u0301", "\uE000", "😀", "😀x", "a_", "a%"];

    private static readonly string[] Prefixes = ["a", "a-", "A", "e", "é", "\uE000", "😀", "a_", "a%", "z", "😀x"];

    private static readonly string[] Types = ["note-taken", "fee-charged", "charge-made", "it's \\ old", "unheard-of"];

    private static readonly string[] Tenants = ["default", "red", "rED", "blue"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_filter_that_can_be_judged_in_memory_lets_the_same_pass_as_the_database()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await WriteAsync(random);
        await using var parts = new LogParts(bank);
        var settled = await parts.SettledAsync();
        var all = (await parts.Reader.FetchWholePageAsync(LogParts.Follow(), 0, settled, Cancelled)).Events;
        all.Count.ShouldBe(400);
        for (var round = 0; round < 400; round++)
        {
            var filter = RandomFilter(random);
            var query = LogParts.Follow(filter);
            query.CanJudge.ShouldBeTrue();
            var page = await parts.Reader.FetchWholePageAsync(query, 0, settled, Cancelled);
            all.Where(query.Passes)
                .Select(static e => e.Position)
                .ShouldBe(page.Events.Select(static e => e.Position), $"seed {seed}, {filter}");
        }
    }

    [Fact]
    public void What_only_the_database_knows_is_not_judged()
    {
        foreach (var filter in (EventFilter[])[
            new EventFilter().OfAggregate("account"),
            new EventFilter().WithTag("a", "b"),
            new EventFilter().OnlyActive(),
            new EventFilter().OnlyActive().IncludeArchived()
        ])
            LogParts.Follow(filter).CanJudge.ShouldBeFalse($"{filter}");

        LogParts.Follow(new EventFilter().OnlyActive().IncludeDeleted()).CanJudge.ShouldBeTrue();
        new LogQuery(filter: null, reader: null, StreamStates.Deleted, seesHidden: true).CanJudge.ShouldBeFalse();
        new LogQuery(filter: null, reader: null).CanJudge.ShouldBeFalse();
    }

    [Fact]
    public void Queries_have_one_key_only_if_they_read_the_same()
    {
        KeyOf(new EventFilter().OfTypes("a", "b").WithTag("x", "1").WithTag("y", "2"))
            .ShouldBe(KeyOf(new EventFilter().WithTag("y", "2").WithTag("x", "1").OfTypes("b", "a")));
        string[] keys =
        [
            KeyOf(new EventFilter()),
            KeyOf(new EventFilter().OfTypes("a", "b")),
            KeyOf(new EventFilter().OfTypes("a1:b")),
            KeyOf(new EventFilter().OfTypes("a' or 'b")),
            KeyOf(new EventFilter().OfStream("a")),
            KeyOf(new EventFilter().OfStreams("a")),
            KeyOf(new EventFilter().OfTenants("a")),
            KeyOf(new EventFilter().OfTenants("A")),
            KeyOf(new EventFilter().WithHeader("a", "bc")),
            KeyOf(new EventFilter().WithHeader("ab", "c")),
            KeyOf(new EventFilter().WithTag("a", "b")),
            KeyOf(new EventFilter().OfAggregate("a")),
            KeyOf(new EventFilter().OnlyActive()),
            KeyOf(new EventFilter().From(Start)),
            KeyOf(new EventFilter().From(Start.AddTicks(10))),
            KeyOf(new EventFilter().Until(Start)),
        ];
        keys.ShouldBeUnique();

        static string KeyOf(EventFilter filter) => LogParts.Follow(filter).Key;
    }

    private static EventFilter RandomFilter(Random random)
    {
        var filter = new EventFilter();
        if (random.Next(3) == 0)
            filter.OfTypes(Pick(random, Types));
        if (random.Next(6) == 0)
            filter.OfType<FeeCharged>();
        if (random.Next(3) == 0)
            Pick(random, Ids).ForEach(id => filter.OfStream(id));
        if (random.Next(3) == 0)
            Pick(random, Prefixes).ForEach(prefix => filter.OfStreams(prefix));
        if (random.Next(3) == 0)
            Pick(random, ["k=1", "k=2", "l=", "K=1"]).ForEach(header => filter.WithHeader(header[..1], header[2..]));
        if (random.Next(3) == 0)
            filter.From(RandomTime(random));
        if (random.Next(3) == 0)
            filter.Until(RandomTime(random));
        if (random.Next(3) == 0)
            filter.OfTenants(Pick(random, Tenants).Select(static tenant => new TenantId(tenant)));
        if (random.Next(8) == 0)
            filter.OfAnyTenant();
        if (random.Next(8) == 0)
            filter.IncludeArchived();

        return filter;
    }

    // Also between two microseconds, and where the driver sends infinity.
    private static DateTimeOffset RandomTime(Random random) => random.Next(8) switch
    {
        0 => DateTimeOffset.MinValue,
        1 => DateTimeOffset.MaxValue,
        _ => Start.AddSeconds(random.Next(3)).AddTicks(random.Next(-25, 25)),
    };

    private static List<string> Pick(Random random, string[] values) =>
        [.. values.OrderBy(_ => random.Next()).Take(random.Next(1, values.Length))];

    private async Task WriteAsync(Random random)
    {
        var clock = new MovedClock();
        await using var store = bank.CreateStore(options => options.TimeProvider = clock);
        for (var index = 0; index < 400; index++)
        {
            clock.Now = RandomTime(random) is var time && time.Year is > 1 and < 9999 ? time : Start;
            await using var session = store.OpenSession(new TenantId(Tenants[random.Next(3)]));
            var pending = session.Events.Append(
                Ids[random.Next(Ids.Length)], random.Next(2) == 0 ? new NoteTaken("a") : new FeeCharged(1, "b"));
            if (random.Next(2) == 0)
                pending.WithHeader("k", $"{random.Next(3)}");
            if (random.Next(3) == 0)
                pending.WithHeader("l", "");
            await session.SaveChangesAsync(Cancelled);
        }

        await bank.TamperAsync(
            "update {schema}.events set type = 'charge-made', type_version = 1 where type = 'fee-charged' and position % 3 = 0; "
                + "update {schema}.events set type = 'unheard-of' where type = 'note-taken' and position % 5 = 0");
    }

    private sealed class MovedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
