using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Events;

public sealed class ScrubTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly string _category = $"c{Guid.NewGuid():N}-";

    [Fact]
    public async Task A_category_keeps_its_last_events_and_their_versions()
    {
        await AppendAsync("a", 5);
        await AppendAsync("b", 2);
        await using var store = bank.CreateStore(options => options.Events.Retention.ForCategory(_category, keepLast: 3));

        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new ScrubReport(1, 2));

        (await VersionsAsync("a")).ShouldBe("3,4,5");
        (await VersionsAsync("b")).ShouldBe("1,2");
        (await AppendAsync("a", 1)).Streams[_category + "a"].Version.ShouldBe(6);
        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new ScrubReport(1, 1));
        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(default);
    }

    [Fact]
    public async Task A_rule_for_a_stream_wins_over_one_for_its_category_and_a_longer_prefix_over_a_shorter_one()
    {
        await AppendAsync("x-a", 5);
        await AppendAsync("x-b", 5);
        await AppendAsync("y", 5);
        await using var store = bank.CreateStore(options => options.Events.Retention
            .ForCategory(_category, keepLast: 1)
            .ForCategory(_category + "x-", keepLast: 2)
            .ForStream(_category + "x-a", keepLast: 4));

        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);

        (await VersionsAsync("x-a")).ShouldBe("2,3,4,5");
        (await VersionsAsync("x-b")).ShouldBe("4,5");
        (await VersionsAsync("y")).ShouldBe("5");
    }

    [Fact]
    public async Task Events_that_are_too_old_are_removed()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-10));
        await using var store = bank.CreateStore(options =>
        {
            options.TimeProvider = time;
            options.Events.Retention.ForCategory(_category, maxAge: TimeSpan.FromDays(3));
        });
        for (var day = 0; day < 5; day++)
        {
            await using var session = store.OpenSession();
            session.Events.Append(_category + "a", new NoteTaken("x"));
            session.Events.Append(_category + "old", ExpectedVersion.Any, day == 0 ? [new NoteTaken("x")] : Array.Empty<object>());
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromDays(1));
        }

        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);

        (await VersionsAsync("a")).ShouldBe("3,4,5");
        (await VersionsAsync("old")).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_truncated_is_removed_without_a_rule_and_what_is_archived_stays()
    {
        await AppendAsync("a", 4);
        await AppendAsync("archived", 4);
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.TruncateStream(_category + "a", 4);
            session.Events.ArchiveStream(_category + "archived");
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var store = bank.CreateStore(options => options.Events.Retention.ForStream(_category + "archived", keepLast: 1));
        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);

        (await VersionsAsync("a")).ShouldBe("4");
        (await VersionsAsync("archived")).ShouldBe("1,2,3,4");
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("delete")]
    public async Task What_was_truncated_of_a_stream_that_is_hidden_is_removed_and_the_rest_stays(string verb)
    {
        StreamId id = _category + "hidden";
        await AppendAsync("hidden", 4);
        await SaveAsync(bank.Store, events =>
        {
            events.TruncateStream(id, 3);
            if (verb == "archive")
                events.ArchiveStream(id);
            else
                events.DeleteStream(id);
        });
        await using var store = bank.CreateStore(
            options => options.Events.Retention.ForStream(id, keepLast: 1, maxAge: TimeSpan.FromTicks(1)));

        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new ScrubReport(1, 2));

        (await VersionsAsync("hidden")).ShouldBe("3,4");
        await SaveAsync(bank.Store, events =>
        {
            if (verb == "archive")
                events.UnarchiveStream(id);
            else
                events.UndeleteStream(id);
        });
        (await bank.FetchAsync(id)).Select(static e => e.Version).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task A_link_becomes_old_with_its_unit_and_not_with_its_event()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(-10));
        StreamId index = _category + "index";
        await using var store = bank.CreateStore(options =>
        {
            options.TimeProvider = time;
            options.Events.Retention.ForStream(index, maxAge: TimeSpan.FromDays(3));
        });
        await SaveAsync(store, events => events.Append(_category + "source", new NoteTaken("1"), new NoteTaken("2"), new NoteTaken("3")));
        var recorded = await bank.FetchAsync(_category + "source");
        await SaveAsync(store, events => events.LinkTo(index, recorded[0]));
        time.Advance(TimeSpan.FromDays(4));
        await SaveAsync(store, events => events.LinkTo(index, recorded[1]));
        time.Advance(TimeSpan.FromDays(2));
        await SaveAsync(store, events => events.Append(index, new NoteTaken("own")));

        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);
        (await bank.FetchAsync(index)).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([2, 3]);

        time.Advance(TimeSpan.FromDays(2));
        await SaveAsync(store, events => events.LinkTo(index, recorded[2]));
        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);
        (await bank.FetchAsync(index)).Select(static e => e.Link?.Version ?? e.Version).ShouldBe([3, 4]);

        time.Advance(TimeSpan.FromDays(4));
        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);
        (await bank.FetchAsync(index)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_maximum_age_that_no_event_reaches_exempts_a_stream()
    {
        await AppendAsync("a", 3);
        await AppendAsync("exempt", 3);
        await AppendAsync("old", 3);
        await using var store = bank.CreateStore(options => options.Events.Retention
            .ForCategory(_category, keepLast: 1)
            .ForStream(_category + "exempt", maxAge: TimeSpan.MaxValue)
            .ForStream(_category + "old", maxAge: TimeSpan.FromDays(700_000)));

        await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken);

        (await VersionsAsync("a")).ShouldBe("3");
        (await VersionsAsync("exempt")).ShouldBe("1,2,3");
        (await VersionsAsync("old")).ShouldBe("1,2,3");
    }

    [Fact]
    public async Task A_scrub_that_was_ended_goes_on_where_it_was()
    {
        for (var number = 0; number < 5; number++)
            await AppendAsync($"{number}", 3);
        await using var store = bank.CreateStore(options => options.Events.Retention.ForCategory(_category, keepLast: 1));
        using var cancellation = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => store.ScrubAsync(new CancelAfter(2, cancellation), cancellation.Token));

        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new ScrubReport(3, 6));
    }

    [Fact]
    public async Task A_long_stream_is_scrubbed_in_several_transactions()
    {
        await AppendAsync("long", 12_000);
        await using var store = bank.CreateStore(options => options.Events.Retention.ForStream(_category + "long", keepLast: 1));

        (await store.ScrubAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(new ScrubReport(1, 11_999));

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.audit where stream = '{_category}long' and verb = 'scrub'")).ShouldBe(
            3L);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_rule_that_makes_no_sense_is_refused_at_the_call(int keepLast, int days)
    {
        var retention = new EventStoreOptions().Events.Retention;
        Should.Throw<ArgumentException>(() => retention.ForCategory("c-", keepLast, TimeSpan.FromDays(days)));
        Should.Throw<ArgumentException>(() => retention.ForStream("c", keepLast, TimeSpan.FromDays(days)));
        Should.Throw<ArgumentException>(
            () => keepLast == 0 ? retention.ForCategory("c-", keepLast) : retention.ForCategory("c-", TimeSpan.FromDays(days)));
        Should.Throw<ArgumentException>(
            () => keepLast == 0 ? retention.ForStream("c", keepLast) : retention.ForStream("c", TimeSpan.FromDays(days)));
    }

    private async Task<Commit> AppendAsync(string name, int count) =>
        await bank.AppendAsync(_category + name, [.. Enumerable.Range(0, count).Select(static number => new NoteTaken($"{number}"))]);

    private static async Task SaveAsync(EventStore store, Action<IEventOperations> work)
    {
        await using var session = store.OpenSession();
        work(session.Events);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<object?> VersionsAsync(string name) => await bank.ExecuteAsync($"""
        select string_agg(e.version::text, ',' order by e.version)
        from {bank.Schema}.events e join {bank.Schema}.streams s on s.key = e.stream
        where s.id = '{_category}{name}'
        """) is string versions ? versions : null;

    private sealed class CancelAfter(int streams, CancellationTokenSource cancellation) : IProgress<ScrubReport>
    {
        public void Report(ScrubReport value)
        {
            if (value.Streams == streams)
                cancellation.Cancel();
        }
    }
}
