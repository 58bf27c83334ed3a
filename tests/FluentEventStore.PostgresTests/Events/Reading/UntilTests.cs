using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>A stream as it was at a time, with writers whose clocks differ.</summary>
public sealed class UntilTests(BankStore bank) : IClassFixture<BankStore>
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly StreamId _id = $"until-{Guid.NewGuid()}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    [InlineData(9, 3)]
    [InlineData(10, 4)]
    public async Task A_stream_up_to_a_time_has_all_versions_up_to_the_last_one_at_or_before_that_time(int minute, int versions)
    {
        // The second writer's clock is ahead of the third one's.
        foreach (var at in (int[])[0, 5, 2, 10])
            await AppendAsync(_id, at);
        await using var session = bank.Store.OpenQuerySession();
        var until = Noon.AddMinutes(minute).ToOffset(TimeSpan.FromHours(5));
        long[] expected = [.. Enumerable.Range(1, versions)];

        (await session.Events.FetchStreamAsync(_id, new StreamRange { Until = until }, Cancelled))
            .Select(static e => e.Version)
            .ShouldBe(expected);
        (await session.Events.FetchStreamAsync(_id, new StreamRange { Until = until, Backwards = true }, Cancelled))
            .Select(static e => e.Version)
            .ShouldBe(expected.Reverse());
        (await session.Events.ReadStreamAsync(_id, new StreamRange { Until = until }, Cancelled).CountAsync(Cancelled)).ShouldBe(versions);
        (await session.Events.FetchStreamAsync(_id, new StreamRange { From = 2, To = 3, Until = until }, Cancelled)).Count.ShouldBe(
            Math.Clamp(versions - 1, 0, 2));
        ((await session.Events.AggregateStreamAsync<Notebook>(_id, new StreamRange { Until = until }, Cancelled))?.Notes.Count ?? 0)
            .ShouldBe(versions);
    }

    [Fact]
    public async Task A_stream_up_to_a_time_has_all_pages()
    {
        foreach (var at in (int[])[0, 7, 7, 7, 1, 2, 9])
            await AppendAsync(_id, at);
        await using var store = bank.CreateStore(
            static options => options.PageBounds = new FluentEventStore.Events.PageBounds { StreamEvents = 2 });
        await using var session = store.OpenQuerySession();

        (await session.Events.ReadStreamAsync(_id, new StreamRange { Until = Noon.AddMinutes(3) }, Cancelled).ToListAsync(Cancelled))
            .Select(static e => e.Version)
            .ShouldBe([1, 2, 3, 4, 5, 6]);
        (await session.Events.ReadStreamAsync(_id, new StreamRange { Until = Noon.AddMinutes(3), Backwards = true }, Cancelled)
            .ToListAsync(Cancelled))
            .Select(static e => e.Version)
            .ShouldBe([6, 5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task A_link_counts_by_the_time_of_its_own_unit()
    {
        StreamId index = $"index-{_id}";
        await AppendAsync(_id, 0);
        await AppendAsync(_id, 20);
        var events = await bank.FetchAsync(_id);
        await LinkAsync(index, events[1], 5);
        await LinkAsync(index, events[0], 8);
        await AppendAsync(index, 7);
        await using var session = bank.Store.OpenQuerySession();

        foreach (var (minute, versions) in ((int, int)[])[(4, 0), (5, 1), (6, 1), (7, 3), (30, 3)])
        {
            (await session.Events.FetchStreamAsync(index, new StreamRange { Until = Noon.AddMinutes(minute) }, Cancelled)).Count.ShouldBe(
                versions, $"minute {minute}");
            (await session.Events.ReadStreamAsync(index, new StreamRange { Until = Noon.AddMinutes(minute), Backwards = true }, Cancelled)
                .CountAsync(Cancelled))
                .ShouldBe(versions, $"minute {minute}");
        }
    }

    private async Task AppendAsync(StreamId id, int minute)
    {
        await using var store = StoreAt(minute);
        await using var session = store.OpenSession();
        session.Events.Append(id, new NoteTaken($"{minute}"));
        await session.SaveChangesAsync(Cancelled);
    }

    private async Task LinkAsync(StreamId id, IEvent linked, int minute)
    {
        await using var store = StoreAt(minute);
        await using var session = store.OpenSession();
        session.Events.LinkTo(id, linked);
        await session.SaveChangesAsync(Cancelled);
    }

    private EventStore StoreAt(int minute)
    {
        _clock.AdjustTime(Noon.AddMinutes(minute));
        return bank.CreateStore(options => options.TimeProvider = _clock);
    }
}
