using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Store;

namespace FluentEventStore.PostgresTests.Events.Reading;

public sealed class StandbyLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_standby_the_log_is_read_up_to_the_settled_position_that_came_with_its_events_and_never_beyond()
    {
        await using var pair = await StandbyPair.StartOrSkipAsync();
        await using var primary = EventStore.For(options => options.Connection(pair.Primary));
        await using var standby = EventStore.For(options => options.Connection(pair.Standby));
        await primary.Schema.ApplyAsync(Token);
        await AppendAsync(primary, "a", "b");
        (await ReadAsync(primary)).ShouldBe(["a", "b"]);
        await PublishedAsync(pair, 2);

        await pair.CatchUpAsync();
        (await ReadAsync(standby)).ShouldBe(["a", "b"]);
        var status = await standby.Log.StatusAsync(Token);
        (status.IsStandby, status.SettledPosition).ShouldBe((true, 2));
        status.Warnings.ShouldHaveSingleItem().ShouldContain("standby");

        // What nobody has settled on the primary yet is there, and is not read.
        await AppendAsync(primary, "c");
        await pair.CatchUpAsync();
        (await ReadAsync(standby)).ShouldBe(["a", "b"]);

        await using var another = EventStore.For(options => options.Connection(pair.Primary));
        (await ReadAsync(another)).ShouldBe(["a", "b", "c"]);
        await PublishedAsync(pair, 3);
        await pair.CatchUpAsync();
        (await ReadAsync(standby)).ShouldBe(["a", "b", "c"]);
    }

    private static Task PublishedAsync(StandbyPair pair, long position) => Eventually.BecomesTrueAsync(
        async () => await Database.AskAsync(pair.Primary, "select position from event_store.settled") is long settled
            && settled >= position,
        $"the settled position {position} is published");

    private static async Task AppendAsync(EventStore store, params string[] texts)
    {
        await using var session = store.OpenSession();
        session.Events.Append("notes", texts.Select(static text => new NoteTaken(text)));
        await session.SaveChangesAsync(Token);
    }

    private static async Task<List<string>> ReadAsync(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        return await session.Events.ReadAllAsync(cancellationToken: Token).Select(static e => ((NoteTaken)e.Data).Text).ToListAsync(Token);
    }
}
