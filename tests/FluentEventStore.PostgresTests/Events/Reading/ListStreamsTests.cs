using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class ListStreamsTests(ListStreamsTests.Streams streams) : IClassFixture<ListStreamsTests.Streams>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<StreamQuery, string> Queries => new()
    {
        { new StreamQuery(), "A a%b a_b axb order-1 order-2" },
        { new StreamQuery { Descending = true }, "order-2 order-1 axb a_b a%b A" },
        { new StreamQuery { Search = "%" }, "a%b" },
        { new StreamQuery { Search = "_" }, "a_b" },
        { new StreamQuery { Search = "b" }, "a%b a_b axb" },
        { new StreamQuery { Search = "der-" }, "order-1 order-2" },
        { new StreamQuery { Search = "\\" }, "" },
        { new StreamQuery { Prefix = "a" }, "a%b a_b axb" },
        { new StreamQuery { Prefix = "a_" }, "a_b" },
        { new StreamQuery { Prefix = "order-1" }, "order-1" },
        { new StreamQuery { Prefix = "order-12" }, "" },
        { new StreamQuery { Prefix = "\u00FF" }, "" },
        { new StreamQuery { Prefix = "a\u007F" }, "" },
        { new StreamQuery { Prefix = "order-\u00FF" }, "" },
        { new StreamQuery { Prefix = "" }, "A a%b a_b axb order-1 order-2" },
        { new StreamQuery { Prefix = "a", Search = "%" }, "a%b" },
        { new StreamQuery { AggregateType = "account" }, "order-2" },
        { new StreamQuery { SortBy = StreamSort.Version }, "A a%b a_b axb order-2 order-1" },
        { new StreamQuery { SortBy = StreamSort.Version, Descending = true }, "order-1 order-2 axb a_b a%b A" },
        { new StreamQuery { SortBy = StreamSort.Created }, "order-1 a%b a_b axb A order-2" },
        { new StreamQuery { SortBy = StreamSort.LastAppended }, "a%b a_b axb A order-2 order-1" },
        { new StreamQuery { IncludeArchived = true }, "A a%b a_b archived axb order-1 order-2" },
        { new StreamQuery { IncludeActive = false, IncludeArchived = true }, "archived" },
        { new StreamQuery { IncludeActive = false, IncludeDeleted = true }, "deleted tombstoned" },
        { new StreamQuery { IncludeActive = false }, "" },
        { new StreamQuery { PageSize = 4 }, "A a%b a_b axb" },
        { new StreamQuery { PageSize = 4, PageNumber = 2 }, "order-1 order-2" },
        { new StreamQuery { PageSize = 4, PageNumber = 3 }, "" },
        { new StreamQuery { PageSize = 1000, PageNumber = int.MaxValue }, "" },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_page_has_the_streams_that_were_asked_for(StreamQuery query, string expected)
    {
        await using var session = streams.Store.OpenQuerySession();

        var page = await session.Events.ListStreamsAsync(query, Cancelled);

        string.Join(' ', page.Streams.Select(static stream => stream.StreamId.Value)).ShouldBe(expected);
        (page.PageNumber, page.PageSize).ShouldBe((query.PageNumber, query.PageSize));
    }

    [Fact]
    public async Task The_total_counts_all_pages()
    {
        await using var session = streams.Store.OpenQuerySession();

        var first = await session.Events.ListStreamsAsync(new StreamQuery { PageSize = 4 }, Cancelled);
        first.ToString().ShouldBe("Page 1 of 2, 6 streams in all: A, a%b, a_b, axb");
        (first.TotalCount, first.PageCount).ShouldBe((6, 2));
        var beyond = await session.Events.ListStreamsAsync(new StreamQuery { PageSize = 4, PageNumber = 9 }, Cancelled);
        (beyond.TotalCount, beyond.Streams.Count).ShouldBe((6, 0));
        (await session.Events.ListStreamsAsync(new StreamQuery { Search = "nowhere" }, Cancelled)).PageCount.ShouldBe(0);
    }

    [Fact]
    public async Task Each_listed_stream_is_described_as_its_state_describes_it()
    {
        await using var session = streams.Store.OpenQuerySession();
        foreach (var stream in (await session.Events.ListStreamsAsync(
            new StreamQuery { IncludeArchived = true, IncludeDeleted = true }, Cancelled)).Streams)
            stream.ShouldBe(await session.Events.FetchStreamStateAsync(stream.StreamId, Cancelled));
    }

    [Fact]
    public async Task A_tenant_lists_its_own()
    {
        await using var red = streams.Store.OpenQuerySession("red");
        (await red.Events.ListStreamsAsync(cancellationToken: Cancelled)).Streams
            .ShouldHaveSingleItem().StreamId.Value
            .ShouldBe("order-red");
        await using var green = streams.Store.OpenQuerySession("green");
        (await green.Events.ListStreamsAsync(cancellationToken: Cancelled)).TotalCount.ShouldBe(0);
    }

    [Fact]
    public void What_is_out_of_range_is_refused_where_it_is_set()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => new StreamQuery { PageNumber = 0 });
        Should.Throw<ArgumentOutOfRangeException>(static () => new StreamQuery { PageSize = 0 });
        Should.Throw<ArgumentOutOfRangeException>(static () => new StreamQuery { PageSize = StreamQuery.MaxPageSize + 1 });
        Should.Throw<ArgumentOutOfRangeException>(static () => new StreamQuery { SortBy = (StreamSort)9 });
        Should.Throw<ArgumentException>(static () => new StreamQuery { Search = "\0" });
        Should.Throw<ArgumentException>(static () => new StreamQuery { Prefix = "\uDC00" });
    }

    public sealed class Streams(PostgresServer server) : BankStore(server)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            foreach (var id in (string[])["order-1", "a%b", "a_b", "axb", "A", "archived", "deleted", "tombstoned"])
                await AppendAsync(id, new NoteTaken("a"));

            var account = Guid.NewGuid();
            await using var session = Store.OpenSession();
            session.Events.StartStream<Account>("order-2", new AccountOpened(account, "Ada", "EUR"), new MoneyDeposited(account, 1));
            await session.SaveChangesAsync();
            await AppendAsync("order-1", new NoteTaken("b"), new NoteTaken("c"));
            await using var red = Store.OpenSession("red");
            red.Events.Append("order-red", new NoteTaken("a"));
            await red.SaveChangesAsync();
            await TamperAsync(
                """
                insert into {schema}.streams (tenant, id, version, created_at, appended_at) values ('default', 'axle', 0, now(), now());
                update {schema}.streams set state = 1 where id = 'archived';
                update {schema}.streams set state = 2 where id = 'deleted';
                update {schema}.streams set state = 3 where id = 'tombstoned';
                """);
        }
    }
}
