using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class LinkReadingTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly StreamId _a = $"a-{Guid.NewGuid()}";
    private readonly StreamId _b = $"b-{Guid.NewGuid()}";
    private readonly StreamId _index = $"index-{Guid.NewGuid()}";

    // index: own 1, a1 (2), b1 (3), a2 (4), own 5
    public async ValueTask InitializeAsync()
    {
        await bank.AppendAsync(_a, new AmountEntered(1), new AmountEntered(2));
        await bank.AppendAsync(_b, new AmountEntered(10));
        var a = await bank.FetchAsync(_a);
        var b = await bank.FetchAsync(_b);
        await bank.AppendAsync(_index, new AmountEntered(100));
        await SaveAsync(events => events.LinkTo(_index, a[0], b[0], a[1]));
        await bank.AppendAsync(_index, new AmountEntered(1000));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_stream_with_links_is_read_in_the_order_of_its_versions_and_shows_the_events_as_they_were_recorded()
    {
        var events = await bank.FetchAsync(_index);

        Amounts(events).ShouldBe([100, 1, 10, 2, 1000]);
        events.Select(static e => e.Link?.Version).ShouldBe([null, 2, 3, 4, null]);
        (events[3].StreamId, events[3].Version, events[3].Link!.StreamId).ShouldBe((_a, 2, _index));
        events[3].Position.ShouldBe((await bank.FetchAsync(_a))[1].Position);
        events.Select(static e => e.Link?.Position ?? e.Position).ShouldBeInOrder(SortDirection.Ascending);
        (await bank.FetchAsync(_a)).ShouldAllBe(static e => e.Link == null);
    }

    [Fact]
    public async Task A_stream_with_links_is_read_backwards_by_version_and_in_pages_like_any_other()
    {
        await using var session = bank.Store.OpenQuerySession();
        Amounts(
            await session.Events.FetchStreamAsync(
                _index,
                new StreamRange { From = 2, To = 4, MaxCount = 2, Backwards = true },
                TestContext.Current.CancellationToken)).ShouldBe([2, 10]);

        var read = new List<IEvent>();
        await foreach (var e in session.Events.ReadStreamAsync(_index, new StreamRange { From = 3 }, TestContext.Current.CancellationToken))
            read.Add(e);
        Amounts(read).ShouldBe([10, 2, 1000]);
    }

    [Fact]
    public async Task More_links_than_a_page_holds_are_all_read()
    {
        StreamId many = $"many-{_a}";
        await bank.AppendAsync(many, [.. Enumerable.Range(0, 1_200).Select(static number => new AmountEntered(number))]);
        var recorded = await bank.FetchAsync(many);
        StreamId index = $"index-{many}";
        await SaveAsync(events => events.LinkTo(index, recorded));

        await using var session = bank.Store.OpenQuerySession();
        var read = new List<IEvent>();
        await foreach (var e in session.Events.ReadStreamAsync(index, cancellationToken: TestContext.Current.CancellationToken))
            read.Add(e);

        read.Select(static e => e.Id).ShouldBe(recorded.Select(static e => e.Id));
    }

    [Fact]
    public async Task An_aggregate_is_folded_over_links_and_fetched_for_writing_at_the_version_of_the_stream()
    {
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Ledger>(_index, cancellationToken: TestContext.Current.CancellationToken);

        stream.Aggregate!.Total.ShouldBe(1113);
        stream.Version.ShouldBe(5);
        stream.Append(new AmountEntered(7));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_index].Version.ShouldBe(6);
    }

    [Fact]
    public async Task Reading_all_streams_skips_links()
    {
        await using var session = bank.Store.OpenQuerySession();
        var ids = new List<Guid>();
        await foreach (var e in session.Events.ReadAllAsync(cancellationToken: TestContext.Current.CancellationToken))
            ids.Add(e.Id);

        ids.ShouldBeUnique();
    }

    [Fact]
    public async Task A_link_to_an_event_that_is_gone_or_hidden_is_left_out()
    {
        await SaveAsync(events => events.TombstoneStream(_b));
        Amounts(await bank.FetchAsync(_index)).ShouldBe([100, 1, 2, 1000]);
        await SaveAsync(events => events.TruncateStream(_a, 2));
        Amounts(await bank.FetchAsync(_index)).ShouldBe([100, 2, 1000]);
        await SaveAsync(events => events.DeleteStream(_a));
        Amounts(await bank.FetchAsync(_index)).ShouldBe([100, 1000]);
    }

    [Fact]
    public async Task Links_to_missing_events_displace_no_event_and_end_no_page()
    {
        await SaveAsync(events => events.TombstoneStream(_b));
        await SaveAsync(events => events.DeleteStream(_a));
        await using var store = bank.CreateStore(
            static options => options.PageBounds = new FluentEventStore.Events.PageBounds { StreamEvents = 2 });
        await using var session = store.OpenQuerySession();
        var cancelled = TestContext.Current.CancellationToken;

        Amounts(await session.Events.ReadStreamAsync(_index, cancellationToken: cancelled).ToListAsync(cancelled)).ShouldBe([100, 1000]);
        Amounts(await session.Events.ReadStreamAsync(_index, new StreamRange { Backwards = true }, cancelled).ToListAsync(cancelled))
            .ShouldBe([1000, 100]);
        Amounts(await session.Events.FetchStreamAsync(_index, new StreamRange { MaxCount = 2 }, cancelled)).ShouldBe([100, 1000]);
        Amounts(await session.Events.FetchStreamAsync(_index, new StreamRange { MaxCount = 2, Backwards = true }, cancelled)).ShouldBe(
            [1000, 100]);
        Amounts(await session.Events.FetchStreamAsync(_index, new StreamRange { From = 2, MaxCount = 1 }, cancelled)).ShouldBe([1000]);
    }

    [Fact]
    public async Task A_link_to_an_event_that_a_compaction_replaced_is_left_out_and_the_replacement_may_be_linked()
    {
        await SaveAsync(events => events.CompactStream(_a, 2, new BalanceCarried(3)));
        Amounts(await bank.FetchAsync(_index)).ShouldBe([100, 10, 1000]);

        var replacement = (await bank.FetchAsync(_a)).ShouldHaveSingleItem();
        await SaveAsync(events => events.LinkTo(_index, replacement));

        var read = await bank.FetchAsync(_index);
        (read[^1].Id, read[^1].Link?.Version).ShouldBe((replacement.Id, 6));
        read.Select(static e => e.Link?.Version ?? e.Version).ShouldBe([1, 3, 5, 6]);
        (await Should.ThrowAsync<LinkRefusedException>(() => SaveAsync(events => events.LinkTo(_index, replacement)))).Fault.ShouldBe(
            LinkFault.LinkedAlready);
    }

    [Fact]
    public async Task A_tombstoned_stream_takes_its_links_with_it_and_leaves_the_events()
    {
        await SaveAsync(events => events.TombstoneStream(_index));
        (await bank.FetchAsync(_index)).ShouldBeEmpty();
        (await bank.FetchAsync(_a)).Count.ShouldBe(2);
    }

    private static IEnumerable<decimal> Amounts(IEnumerable<IEvent> events) => events.Select(static e => ((AmountEntered)e.Data).Amount);

    private async Task SaveAsync(Action<IEventOperations> work)
    {
        await using var session = bank.Store.OpenSession();
        work(session.Events);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
