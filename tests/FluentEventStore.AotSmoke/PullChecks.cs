using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Subscriptions whose events this program takes itself.</summary>
internal sealed class PullChecks(IEventStore store)
{
    private readonly string _run = Guid.NewGuid().ToString("N");

    public async Task TakeAsync()
    {
        var present = await store.Log.FetchSettledPositionAsync();
        await using var session = store.OpenSession();
        foreach (var stream in (string[])["a", "b", "c", "d"])
            session.Events.Append($"{_run}-{stream}", new AccountOpened(stream, Currency.Franc));

        await session.SaveChangesAsync();
        var options = new SubscriptionOptions
        {
            Filter = new EventFilter().OfStreams(_run),
            Start = SubscriptionStart.After(present),
            BufferSize = 10,
            Partition = Partition.ByStream,
            Concurrency = 1,
            Version = 1,
            Unreadable = FailedEvent.Park,
            CheckpointAfterCount = 10,
            CheckpointAfter = TimeSpan.FromMilliseconds(10),
        };
        await using var subscription = await store.Subscriptions.OpenAsync(_run, options);
        await using var reading = subscription.ReadAsync().GetAsyncEnumerator();
        await (await NextAsync(reading)).AckAsync();
        await (await NextAsync(reading)).SkipAsync("unwanted");
        await (await NextAsync(reading)).ParkAsync("later");
        await (await NextAsync(reading)).RetryAsync(TimeSpan.Zero);
        Equal(2, (await NextAsync(reading)).Attempt);
        Equal(_run, subscription.Name);
    }

    public async Task FollowAsync()
    {
        var options = new SubscriptionOptions
        {
            Stream = $"{_run}-a",
            StreamTenant = default,
            Start = SubscriptionStart.At(DateTimeOffset.UnixEpoch),
            IsTransient = true,
        };
        await using var subscription = await store.Subscriptions.OpenAsync($"{_run}-a", options);
        await using var reading = subscription.ReadAsync().GetAsyncEnumerator();
        Equal(true, (await NextAsync(reading)).IsReplay);

        await using var everything = await store.Subscriptions.OpenAsync($"{_run}-everything");
        var answer = default(DeliveryAnswer);
        await new Delivery(reading.Current.Event, given => answer = given) { Attempt = 1, IsReplay = true, FencingToken = 1 }.AckAsync();
        Equal(DeliveryAnswerKind.Ack, answer.Kind);
    }

    private static async Task<Delivery> NextAsync(IAsyncEnumerator<Delivery> reading)
    {
        Equal(true, await reading.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        return reading.Current;
    }
}
