using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>What readers see of streams that are archived, deleted, tombstoned or truncated.</summary>
public abstract class HiddenEventsTests(BankStore bank)
{
    private const int Archived = 1;
    private const int Deleted = 2;
    private const int Tombstoned = 3;

    private readonly StreamId _id = $"hidden-{Guid.NewGuid()}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(Archived, false, true)]
    [InlineData(Deleted, false, false)]
    [InlineData(Tombstoned, false, false)]
    public async Task Every_reading_hides_the_events_of_a_stream_by_its_state(int state, bool isRead, bool isReadWithArchived)
    {
        await AppendAsync(3);
        await SetAsync($"state = {state}");
        await using var session = bank.Store.OpenQuerySession();
        var events = session.Events;
        var last = (await FindInLogAsync(new EventFilter().IncludeArchived())).LastOrDefault();

        foreach (var includeArchived in (bool[])[false, true])
        {
            var expected = (includeArchived ? isReadWithArchived : isRead) ? 3 : 0;
            (await events.FetchStreamAsync(_id, new StreamRange { IncludeArchived = includeArchived }, Cancelled)).Count.ShouldBe(expected);
            (await events.FetchStreamAsync(
                _id,
                new StreamRange { Until = DateTimeOffset.MaxValue, Backwards = true, IncludeArchived = includeArchived },
                Cancelled)).Count
                .ShouldBe(expected);
            (await events.ReadStreamAsync(_id, new StreamRange { IncludeArchived = includeArchived }, Cancelled).CountAsync(Cancelled))
                .ShouldBe(expected);
            var filter = includeArchived ? new EventFilter().IncludeArchived() : new EventFilter();
            (await FindInLogAsync(filter)).Count.ShouldBe(expected);
            if (last is not null)
                (await events.FetchEventAsync(last.Id, includeArchived, Cancelled) is not null).ShouldBe(expected > 0);
        }

        (await FindInLogAsync(new EventFilter().IncludeDeleted())).Count.ShouldBe(state == Tombstoned ? 0 : 3);
        (await FindInLogAsync(new EventFilter().OnlyActive())).Count.ShouldBe(isRead ? 3 : 0);
        (await events.AggregateStreamAsync<Notebook>(_id, cancellationToken: Cancelled) is not null).ShouldBe(isRead);
        (await events.FetchLatestAsync<Notebook>(_id, Cancelled) is not null).ShouldBe(isRead);
    }

    [Theory]
    [InlineData(Archived)]
    [InlineData(Deleted)]
    [InlineData(Tombstoned)]
    public async Task A_hidden_stream_that_is_read_for_writing_has_no_aggregate_but_its_version(int state)
    {
        await AppendAsync(3);
        await SetAsync($"state = {state}");
        await using var session = bank.Store.OpenSession();

        var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Cancelled);

        stream.Aggregate.ShouldBeNull();
        stream.Version.ShouldBe(3);
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(
            () => session.Events.FetchForWritingAsync<Notebook>(_id, ExpectedVersion.NoStream, Cancelled));
        conflict.Actual.ShouldBe(3);
    }

    [Fact]
    public async Task The_state_tells_what_is_hidden()
    {
        await AppendAsync(3);
        await SetAsync("truncated_before = 2");
        await using var session = bank.Store.OpenQuerySession();

        var active = await session.Events.FetchStreamStateAsync(_id, Cancelled);
        active.ShouldNotBeNull();
        (active.IsArchived, active.IsDeleted, active.IsTombstoned, active.TruncatedBefore, active.Version).ShouldBe(
            (false, false, false, 2, 3));

        await SetAsync($"state = {Archived}");
        (await session.Events.FetchStreamStateAsync(_id, Cancelled))!.IsArchived.ShouldBeTrue();
        await SetAsync($"state = {Deleted}");
        var deleted = await session.Events.FetchStreamStateAsync(_id, Cancelled);
        (deleted!.IsArchived, deleted.IsDeleted, deleted.IsTombstoned).ShouldBe((false, true, false));
        await SetAsync($"state = {Tombstoned}");
        var tombstoned = await session.Events.FetchStreamStateAsync(_id, Cancelled);
        (tombstoned!.IsDeleted, tombstoned.IsTombstoned).ShouldBe((true, true));
    }

    [Theory]
    [InlineData(1, "1 2 3 4")]
    [InlineData(3, "3 4")]
    [InlineData(4, "4")]
    [InlineData(5, "")]
    public async Task Versions_below_the_truncation_are_not_read(int truncatedBefore, string expected)
    {
        await AppendAsync(4);
        var first = (await FindInLogAsync(new EventFilter()))[0];
        await SetAsync($"truncated_before = {truncatedBefore}");
        await using var session = bank.Store.OpenQuerySession();

        Versions(await session.Events.FetchStreamAsync(_id, cancellationToken: Cancelled)).ShouldBe(expected);
        Versions(await session.Events.FetchStreamAsync(_id, new StreamRange { From = 2 }, Cancelled)).ShouldBe(
            expected.Replace("1 ", "", StringComparison.Ordinal));
        Versions((await session.Events.FetchStreamAsync(_id, new StreamRange { Backwards = true }, Cancelled)).Reverse()).ShouldBe(
            expected);
        Versions(await session.Events.ReadStreamAsync(_id, cancellationToken: Cancelled).ToListAsync(Cancelled)).ShouldBe(expected);
        Versions(await FindInLogAsync(new EventFilter())).ShouldBe(expected);
        Versions(await FindInLogAsync(new EventFilter().IncludeArchived())).ShouldBe(expected);
        (await session.Events.FetchEventAsync(first.Id, includeArchived: true, Cancelled) is not null).ShouldBe(truncatedBefore == 1);
    }

    [Fact]
    public async Task A_wholly_truncated_stream_is_at_its_version_for_writing_and_goes_on_there()
    {
        await AppendAsync(3);
        await SetAsync("truncated_before = 4");
        await using (var session = bank.Store.OpenSession())
        {
            var stream = await session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Cancelled);
            stream.Version.ShouldBe(3);
            stream.Append(new NoteTaken("4"));
            await session.SaveChangesAsync(Cancelled);
        }

        Versions(await bank.FetchAsync(_id)).ShouldBe("4");
    }

    private static string Versions(IEnumerable<IEvent> events) => string.Join(' ', events.Select(static e => e.Version));

    private Task<Commit> AppendAsync(int count) =>
        bank.AppendAsync(_id, [.. Enumerable.Range(1, count).Select(static index => new NoteTaken($"{index}"))]);

    private Task SetAsync(string assignment) =>
        bank.TamperAsync($$"""update {schema}.streams set {{assignment}} where id = '{{_id.Value}}'""");

    private async Task<List<IEvent>> FindInLogAsync(EventFilter filter)
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.Events.ReadAllAsync(filter.OfStreams(_id.Value), Cancelled).ToListAsync(Cancelled);
    }
}
