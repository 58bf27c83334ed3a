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

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.audit where stream = '{_category}long' and verb = 'scrub'")).ShouldBe(3L);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(null, 0)]
    [InlineData(null, null)]
    public void A_rule_without_a_sense_is_refused_at_the_call(int? keepLast, int? days) => Should.Throw<ArgumentException>(() =>
        new EventStoreOptions().Events.Retention.ForCategory("c-", keepLast, days is null ? null : TimeSpan.FromDays(days.Value)));

    private async Task<Commit> AppendAsync(string name, int count) =>
        await bank.AppendAsync(_category + name, [.. Enumerable.Range(0, count).Select(static number => new NoteTaken($"{number}"))]);

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
