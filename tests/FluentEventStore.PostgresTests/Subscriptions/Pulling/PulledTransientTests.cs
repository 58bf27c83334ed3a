using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

public sealed class PulledTransientTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task From_the_present_only_what_comes_later_is_delivered_and_nothing_is_stored()
    {
        await AppendAsync("a", "a1");
        await using var subscription = await OpenAsync(SubscriptionStart.Present);
        await using var reader = new PulledReader(subscription);
        await AppendAsync("a", "a2");
        (await reader.AckAsync("a2")).IsReplay.ShouldBeFalse();
        (await bank.Store.Subscriptions.StatusAsync(Token)).ShouldNotContain(status => status.Name == _name);
    }

    [Fact]
    public async Task From_the_beginning_it_catches_up_and_goes_on_each_time_it_is_opened()
    {
        await AppendAsync("a", "a1", "a2");
        for (var time = 0; time < 2; time++)
        {
            await using var subscription = await OpenAsync(SubscriptionStart.Beginning);
            await using var reader = new PulledReader(subscription);
            (await reader.AckAsync("a1")).IsReplay.ShouldBeTrue();
            await reader.AckAsync("a2");
            await AppendAsync("b", $"b{time}");
            if (time > 0)
                await reader.AckAsync("b0");

            await reader.AckAsync($"b{time}");
        }
    }

    [Fact]
    public async Task Answers_make_room_and_a_retry_comes_again_however_long_it_waits()
    {
        await AppendAsync("a", "a1", "a2", "a3");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync(SubscriptionStart.Beginning, bufferSize: 1);
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).RetryAsync(TimeSpan.FromDays(1), Token);
        await reader.AckAsync("b1");
        await using var other = await OpenAsync(SubscriptionStart.Beginning);
        await using var second = new PulledReader(other);
        await (await second.TakeAsync()).ParkAsync("no", Token);
        await (await second.TakeAsync()).SkipAsync("no", Token);
        await (await second.TakeAsync()).RetryAsync(TimeSpan.Zero, Token);
        (await second.TakeAsync()).Attempt.ShouldBe(2);
        (await bank.Store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_after_longer_than_a_timer_takes_holds_up_no_other_key()
    {
        await AppendAsync("a", "a1");
        await using var subscription = await OpenAsync(SubscriptionStart.Beginning);
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).RetryAsync(TimeSpan.FromDays(365), Token);
        await AppendAsync("b", "b1");
        await reader.AckAsync("b1");
        await AppendAsync("b", "b2");
        await reader.AckAsync("b2");
    }

    [Fact]
    public async Task An_event_that_cannot_be_delivered_ends_it()
    {
        var bad = await AppendAsync("a", "a1");
        await bank.TamperAsync($"update {bank.Schema}.events set type = 'unheard-of' where position = {bad.Position}");
        await using var subscription = await OpenAsync(SubscriptionStart.Beginning);
        await using var reader = new PulledReader(subscription);
        (await reader.Begin().ShouldThrowAsync<SubscriptionStoppedException>()).WantedPosition.ShouldBe(bad.Position);
    }

    private Task<ISubscription> OpenAsync(SubscriptionStart start, int bufferSize = 100) => bank.Store.Subscriptions.OpenAsync(
        _name,
        new SubscriptionOptions
        {
            Filter = new EventFilter().OfStreams(_prefix),
            Start = start,
            IsTransient = true,
            BufferSize = bufferSize,
        },
        Token);

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(static text => (object)new NoteTaken(text))]);
}
