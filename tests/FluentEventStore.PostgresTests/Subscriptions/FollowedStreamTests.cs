using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class FollowedStreamTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _seen = new();

    [Fact]
    public async Task A_stream_is_followed_by_its_versions_with_the_events_that_it_links_to()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBeEmpty();
        await bank.AppendAsync(_stream, new NoteTaken("own 1"));
        await bank.AppendAsync($"{_stream}-a", new NoteTaken("a1"), new NoteTaken("a2"));
        await bank.AppendAsync($"{_stream}-b", new NoteTaken("b1"));
        var a = await bank.FetchAsync($"{_stream}-a");
        var b = await bank.FetchAsync($"{_stream}-b");
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.LinkTo(_stream, b[0], a[1], a[0]);
            await session.SaveChangesAsync(Token);
        }

        await bank.AppendAsync(_stream, new NoteTaken("own 2"));
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["own 1", "b1", "a2", "a1", "own 2"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Archiving_and_deleting_a_stream_hides_nothing_from_who_follows_it(bool isDeleted)
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"), new NoteTaken("2"));
        await using (var session = bank.Store.OpenSession())
        {
            if (isDeleted)
                session.Events.DeleteStream(_stream);
            else
                session.Events.ArchiveStream(_stream);

            await session.SaveChangesAsync(Token);
        }

        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_link_at_the_end_of_the_log_is_handled_without_an_event_behind_it()
    {
        await bank.AppendAsync($"{_stream}-a", new NoteTaken("a1"));
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await using var session = bank.Store.OpenSession();
        session.Events.LinkTo(_stream, (await bank.FetchAsync($"{_stream}-a"))[0]);
        var commit = await session.SaveChangesAsync(Token);
        await store.WaitForAsync(commit, _name, TimeSpan.FromSeconds(20), Token);
        _seen.ShouldBe(["a1"]);
    }

    [Fact]
    public async Task Who_takes_over_behind_a_link_finds_the_event_that_was_handled_last()
    {
        await bank.AppendAsync($"{_stream}-a", new NoteTaken("a1"), new NoteTaken("a2"));
        await using var store = Store();
        foreach (var e in await bank.FetchAsync($"{_stream}-a"))
        {
            await using var session = bank.Store.OpenSession();
            session.Events.LinkTo(_stream, e);
            await session.SaveChangesAsync(Token);
            await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        }

        _seen.ShouldBe(["a1", "a2"]);
    }

    private EventStore Store() => bank.With(_name, subscription => subscription.ForStream(_stream).Handle((@event, _) =>
    {
        _seen.Enqueue(((NoteTaken)@event.Data).Text);
        return Task.CompletedTask;
    }));
}
