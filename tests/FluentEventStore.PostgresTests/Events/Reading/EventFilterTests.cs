using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>One log, which every test reads with another filter.</summary>
public sealed class EventFilterTests(EventFilterTests.Log log) : IClassFixture<EventFilterTests.Log>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, EventFilter, string> Filters => new()
    {
        { "nothing said", new EventFilter(), "1 2 3 4 5 6" },
        { "a type", new EventFilter().OfType<MoneyDeposited>(), "2 3" },
        { "two types", new EventFilter().OfType<MoneyDeposited>().OfType<AccountClosed>(), "2 3 6" },
        { "a stored name", new EventFilter().OfTypes("note-taken"), "4 5" },
        { "a type that nothing is of", new EventFilter().OfTypes("unheard-of"), "" },
        { "a prefix", new EventFilter().OfStreams("order_1%"), "4" },
        { "a prefix with a wildcard of LIKE", new EventFilter().OfStreams("order_"), "4" },
        { "two prefixes", new EventFilter().OfStreams("order_").OfStreams("orderX"), "4 5" },
        { "a stream", new EventFilter().OfStream("order_1%"), "4" },
        { "a stream and not those whose ids begin so", new EventFilter().OfStream("order_"), "" },
        { "two streams", new EventFilter().OfStream("order_1%").OfStream("orderX"), "4 5" },
        { "a stream and a prefix", new EventFilter().OfStream("orderX").OfStreams("order_"), "4 5" },
        { "a stream of another tenant", new EventFilter().OfStream("orderX").OfTenants("red"), "7" },
        { "a stream of any tenant", new EventFilter().OfStream("orderX").OfAnyTenant(), "5 7 8" },
        { "a stream and a type", new EventFilter().OfStream($"account-{Log.AccountId}").OfType<MoneyDeposited>(), "2 3" },
        {
            "a stream and all that can be asked of it",
            new EventFilter().OfStream($"account-{Log.AccountId}")
                .OfType<MoneyDeposited>()
                .WithHeader("source", "import")
                .From(Log.Start)
                .Until(Log.Start.AddHours(1))
                .OfAggregate("account"),
            "3"
        },
        { "an aggregate by name", new EventFilter().OfAggregate("account"), "1 2 3 6" },
        { "an aggregate by type", new EventFilter().OfAggregate<Account>(), "1 2 3 6" },
        { "a header", new EventFilter().WithHeader("source", "import"), "3 4" },
        { "two headers", new EventFilter().WithHeader("source", "import").WithHeader("batch", "7"), "4" },
        { "a header with another value", new EventFilter().WithHeader("source", "web"), "" },
        { "a tag", new EventFilter().WithTag("batch", "7"), "3 4" },
        { "two tags", new EventFilter().WithTag("batch", "7").WithTag("by", Log.AccountId), "3" },
        { "a tag and the same one again", new EventFilter().WithTag("batch", "7").WithTag(new Tag("batch", 7)), "3 4" },
        { "a tag that nothing has", new EventFilter().WithTag("batch", "8"), "" },
        { "a tag of another tenant", new EventFilter().WithTag("batch", "7").OfTenants("red"), "7" },
        { "a tag of two tenants", new EventFilter().WithTag("batch", "7").OfTenants("red", "blue"), "7" },
        { "two tags of any tenant", new EventFilter().WithTag("batch", "7").WithTag("by", Log.AccountId).OfAnyTenant(), "3 7" },
        { "a tag and a type", new EventFilter().WithTag("batch", "7").OfType<NoteTaken>(), "4" },
        { "a tag and a stream", new EventFilter().WithTag("batch", "7").OfStream("order_1%"), "4" },
        { "a tag and a prefix", new EventFilter().WithTag("batch", "7").OfStreams("acc"), "3" },
        {
            "a tag, a header and an aggregate",
            new EventFilter().WithTag("batch", "7").WithHeader("source", "import").OfAggregate("account"),
            "3"
        },
        { "from a time", new EventFilter().From(Log.Start.AddMinutes(4)), "4 5 6" },
        { "until a time", new EventFilter().Until(Log.Start.AddMinutes(2)), "1 2" },
        {
            "a range of time in another offset",
            new EventFilter().From(Log.Start.AddMinutes(2).ToOffset(TimeSpan.FromHours(5))).Until(Log.Start.AddMinutes(5)),
            "2 3 4 5"
        },
        { "another tenant", new EventFilter().OfTenants("red"), "7" },
        { "two tenants", new EventFilter().OfTenants("red", "blue"), "7 8" },
        { "any tenant", new EventFilter().OfAnyTenant(), "1 2 3 4 5 6 7 8" },
        { "any tenant and a type", new EventFilter().OfAnyTenant().OfType<NoteTaken>(), "4 5 7 8" },
        { "an unknown tenant", new EventFilter().OfTenants("green"), "" },
        {
            "everything at once",
            new EventFilter().OfTypes("note-taken", "money-deposited")
                .OfStreams("order")
                .OfStreams("account")
                .WithHeader("source", "import")
                .From(Log.Start).Until(Log.Start.AddHours(1)).OfTenants(TenantId.Default).OfAggregate("account"),
            "3"
        },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task The_database_applies_the_filter(string what, EventFilter filter, string expected)
    {
        await using var session = log.Store.OpenQuerySession();

        var forwards = await session.Events.ReadAllAsync(filter, Cancelled).ToListAsync(Cancelled);
        var backwards = await session.Events.ReadAllAsync(new LogRange { Backwards = true }, filter, Cancelled).ToListAsync(Cancelled);

        Numbers(forwards).ShouldBe(expected, what);
        Numbers(backwards.AsEnumerable().Reverse()).ShouldBe(expected, what);
    }

    [Fact]
    public async Task Each_event_says_its_tenant()
    {
        await using var session = log.Store.OpenQuerySession();

        (await session.Events.ReadAllAsync(new EventFilter().OfAnyTenant(), Cancelled).ToListAsync(Cancelled))
            .Select(static e => e.TenantId.Value).ShouldBe(
                ["default", "default", "default", "default", "default", "default", "red", "blue"]);
        (await session.Events.ReadAllAsync(new EventFilter().OfTenants("red"), Cancelled).ToListAsync(Cancelled))
            .Select(static e => e.TenantId.Value).ShouldBe(["red"]);
    }

    [Theory]
    [InlineData(0, null, false, "1 2 3 4 5 6")]
    [InlineData(0, 3L, false, "1 2 3")]
    [InlineData(2, 4L, false, "3 4")]
    [InlineData(2, 4L, true, "4 3")]
    [InlineData(4, 4L, false, "")]
    [InlineData(5, 2L, false, "")]
    [InlineData(0, 0L, false, "")]
    [InlineData(4, 1_000_000L, false, "5 6")]
    public async Task The_log_is_read_between_two_positions(long after, long? upTo, bool backwards, string expected)
    {
        await using var session = log.Store.OpenQuerySession();

        Numbers(
            await session.Events.ReadAllAsync(new LogRange { After = after, Backwards = backwards, UpTo = upTo }, Cancelled)
                .ToListAsync(Cancelled)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_filter_that_is_changed_while_it_is_read_with_changes_the_next_reading_only()
    {
        await using var session = log.Store.OpenQuerySession();
        var filter = new EventFilter().OfType<MoneyDeposited>();
        var reading = session.Events.ReadAllAsync(filter, Cancelled);
        filter.OfType<NoteTaken>();

        Numbers(await reading.ToListAsync(Cancelled)).ShouldBe("2 3");
        Numbers(await session.Events.ReadAllAsync(filter, Cancelled).ToListAsync(Cancelled)).ShouldBe("2 3 4 5");
    }

    [Fact]
    public void A_filter_that_could_let_nothing_pass_or_names_what_cannot_be_stored_is_refused_at_the_call()
    {
        Should.Throw<ArgumentException>(static () => new EventFilter().OfType<Customer>());
        Should.Throw<ArgumentException>(static () => new EventFilter().OfTypes());
        Should.Throw<ArgumentException>(static () => new EventFilter().OfTypes("a", ""));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfTypes("a\0"));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfStream(default));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfStreams(""));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfStreams("\uD800"));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfAggregate(""));
        Should.Throw<ArgumentException>(static () => new EventFilter().OfAggregate<Customer>());
        Should.Throw<ArgumentException>(static () => new EventFilter().OfTenants());
        Should.Throw<ArgumentException>(static () => new EventFilter().WithHeader("", "x"));
        Should.Throw<ArgumentNullException>(static () => new EventFilter().WithHeader("a", null!));
        Should.Throw<ArgumentNullException>(static () => new EventFilter().OfStreams(null!));
        Should.Throw<ArgumentException>(static () => new EventFilter().WithTag(default));
        Should.Throw<ArgumentException>(static () => new EventFilter().WithTag("a:b", "c"));
    }

    private static string Numbers(IEnumerable<IEvent> events) => string.Join(' ', events.Select(static e => e.Position));

    public sealed class Log(PostgresServer server) : BankStore(server)
    {
        public static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

        public static readonly Guid AccountId = Guid.NewGuid();

        private readonly Clock _clock = new();

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            var id = AccountId;
            await SaveAsync(events => events.StartStream<Account>($"account-{id}", new AccountOpened(id, "Ada", "EUR")));
            await SaveAsync(events => events.Append($"account-{id}", new MoneyDeposited(id, 1)));
            await SaveAsync(events => events.Append($"account-{id}", new MoneyDeposited(id, 2)).WithHeader("source", "import")
                .WithTag("batch", "7")
                .WithTag("by", $"{id}"));
            await SaveAsync(
                events => events.Append("order_1%", new NoteTaken("a")).WithHeader("source", "import").WithHeader("batch", "7")
                    .WithTag("batch", "7"));
            await SaveAsync(events => events.Append("orderX", new NoteTaken("b")).WithHeader("batch", "8"));
            await SaveAsync(events => events.Append($"account-{id}", new AccountClosed(id)));
            await SaveAsync(events => events.Append("orderX", new NoteTaken("c")).WithTag("batch", "7").WithTag("by", $"{id}"), "red");
            await SaveAsync(events => events.Append("orderX", new NoteTaken("d")), "blue");
        }

        protected override void Configure(EventStoreOptions options) => options.TimeProvider = _clock;

        private async Task SaveAsync(Func<IEventOperations, PendingEvents> append, TenantId tenant = default)
        {
            _clock.Now += TimeSpan.FromMinutes(1);
            await using var session = Store.OpenSession(tenant);
            append(session.Events);
            await session.SaveChangesAsync();
        }

        private sealed class Clock : TimeProvider
        {
            public DateTimeOffset Now { get; set; } = Start;

            public override DateTimeOffset GetUtcNow() => Now;
        }
    }
}
