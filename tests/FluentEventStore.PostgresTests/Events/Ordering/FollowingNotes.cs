using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Notes that one store saves and another one follows.</summary>
internal static class FollowingNotes
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    extension(BankStore bank)
    {
        /// <summary>The end of the log.</summary>
        public async Task<LogStart> StartHereAsync() => new() { After = await bank.Store.Log.FetchSettledPositionAsync(Cancelled) };

        public async Task<IAsyncEnumerator<IEvent>> FollowHereAsync(EventStore store) =>
            store.Log.FollowAsync(await bank.StartHereAsync(), Cancelled).GetAsyncEnumerator(Cancelled);

        public async Task<long> CountConnectionsAsync(string application) => (long)(await bank.ExecuteAsync(
            $"select count(*) from pg_stat_activity where application_name = '{application}'"))!;
    }

    public static async Task<string> NextNoteAsync(this IAsyncEnumerator<IEvent> following)
    {
        (await following.MoveNextAsync().AsTask().WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBeTrue();
        return ((NoteTaken)following.Current.Data).Text;
    }

    public static async Task SaveNoteAsync(this EventStore store, string text)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"{Guid.NewGuid()}", new NoteTaken(text));
        await session.SaveChangesAsync(Cancelled);
    }
}
