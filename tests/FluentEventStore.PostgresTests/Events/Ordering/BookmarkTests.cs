using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Whether the log is still the one that somebody has read, each test in a store of its own.</summary>
public sealed class BookmarkTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IEventLog Log => _bank.Store.Log;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task An_event_that_is_still_where_it_was_read_is_confirmed()
    {
        var bookmark = await AppendAsync("s", "a", "b");

        (await Log.VerifyBookmarkAsync(bookmark.Position, bookmark.Id, Cancelled)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("update {schema}.events set id = gen_random_uuid() where position = 2", "event ")]
    [InlineData("delete from {schema}.events where position = 2", "no event")]
    [InlineData("update {schema}.events set position = 12 where position = 2; select setval('{schema}.positions', 12)", "at position 12")]
    public async Task A_log_that_lost_the_event_of_the_bookmark_is_reported(string lose, string actual)
    {
        var bookmark = await AppendAsync("s", "a", "b");
        await AppendAsync("other", "c");
        await _bank.TamperAsync(lose);

        var forked = await Should.ThrowAsync<OrderingNotGuaranteedException>(
            () => Log.VerifyBookmarkAsync(bookmark.Position, bookmark.Id, Cancelled));

        forked.Check.ShouldBe("the event at position 2");
        forked.Expected.ShouldContain($"{bookmark.Id}");
        forked.Actual.ShouldStartWith(actual);
    }

    [Fact]
    public async Task A_log_that_ends_below_the_bookmark_is_reported()
    {
        await AppendAsync("s", "a");

        (await Should.ThrowAsync<OrderingNotGuaranteedException>(() => Log.VerifyBookmarkAsync(2, Guid.NewGuid(), Cancelled))).Actual
            .ShouldBe("1");
    }

    [Fact]
    public async Task An_event_that_was_compacted_away_or_removed_raises_no_alarm()
    {
        var replaced = await AppendAsync("compacted", "a", "b");
        var tombstoned = await AppendAsync("tombstoned", "c");
        await using var session = _bank.Store.OpenSession();
        session.Events.CompactStream("compacted", 2, new NoteTaken("ab"));
        session.Events.TombstoneStream("tombstoned");
        await session.SaveChangesAsync(Cancelled);
        await AppendAsync("s", "d");

        (await Log.VerifyBookmarkAsync(replaced.Position, replaced.Id, Cancelled)).ShouldBeFalse();
        (await Log.VerifyBookmarkAsync(tombstoned.Position, tombstoned.Id, Cancelled)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_position_that_no_event_has_is_refused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Log.VerifyBookmarkAsync(0, Guid.NewGuid(), Cancelled));

    private async Task<IEvent> AppendAsync(string stream, params string[] notes)
    {
        await _bank.AppendAsync(stream, [.. notes.Select(static note => new NoteTaken(note))]);
        return (await _bank.FetchAsync(stream))[^1];
    }
}
