using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Ordering;

public sealed class PgBouncerWakeUpTests(PostgresServer server, PgBouncer pgBouncer) : IAsyncLifetime
{
    private readonly BankStore _bank = new PgBouncerStore(server, pgBouncer).OrSkip();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Behind_PgBouncer_nobody_listens_and_followers_look_at_a_pace()
    {
        await using var following = _bank.Store.Log.FollowAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        await using var other = _bank.CreateStore();
        foreach (var text in (string[])["a", "b"])
        {
            var next = following.MoveNextAsync().AsTask();
            await AppendAsync(other, text);
            (await next.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBeTrue();
            ((NoteTaken)following.Current.Data).Text.ShouldBe(text);
        }

        (await _bank.Store.ListDatabasesAsync(Cancelled)).Single().IsListening.ShouldBeFalse();
    }

    [Fact]
    public async Task Behind_PgBouncer_others_are_told_who_listen_past_it()
    {
        await using var announcements = await Announcements.ListenAsync(_bank.ConnectionString, _bank.Schema);
        await AppendAsync(_bank.Store, "a");

        await announcements.NextAsync();
        announcements.Heard.ShouldHaveSingleItem().Channel.ShouldBe($"fes_{_bank.Schema}");
    }

    private static async Task AppendAsync(EventStore store, string text)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"{Guid.NewGuid()}", new NoteTaken(text));
        await session.SaveChangesAsync(Cancelled);
    }
}
