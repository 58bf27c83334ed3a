using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

public sealed class PulledUnreadableTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task It_is_skipped_if_that_is_wanted_and_the_audit_says_so()
    {
        await AppendBadAsync("a", "a1");
        await AppendAsync("a", "a2");
        await using var subscription = await OpenAsync(FailedEvent.Skip);
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a2");
        await WaitAsync(parked: 0);
        (await bank.ExecuteAsync(
                $"select detail ->> 'subscription' from {bank.Schema}.audit where verb = 'skip' and detail ->> 'subscription' = '{_name}'"))
            .ShouldBe(_name);
    }

    [Fact]
    public async Task Alone_in_the_log_it_is_passed_over_without_an_answer_of_anybody()
    {
        await AppendBadAsync("a", "a1");
        await using var subscription = await OpenAsync(FailedEvent.Skip);
        await using var reader = new PulledReader(subscription);
        _ = reader.Begin();
        await WaitAsync(parked: 0);
        reader.HasNext.ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_parked_if_that_is_wanted_and_comes_with_what_waits_behind_it_once_it_can_be_read()
    {
        await AppendAsync("a", "a1");
        var bad = await AppendBadAsync("a", "a2");
        await AppendAsync("a", "a3");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync(FailedEvent.Park);
        await using var reader = new PulledReader(subscription);
        var (first, second) = (await reader.TakeAsync(), await reader.TakeAsync());
        ((string[])[PulledReader.TextOf(first), PulledReader.TextOf(second)]).ShouldBe(["a1", "b1"]);

        // What is before it in its key may be parked as well.
        await first.ParkAsync("later", Token);
        await second.AckAsync(Token);
        await WaitAsync(parked: 1);
        (await bank.Store.Subscriptions.ListParkedAsync(_name, Token)).Single().Failure.Message.ShouldBe("later");
        await bank.Store.Subscriptions.ReplayParkedAsync(_name, Token);
        await reader.AckAsync("a1");
        await SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Parked == 1 && Parked().Position == bad);
        Parked().Failure.Kind.ShouldBe(FailureKind.UnknownType);

        await bank.TamperAsync($"update {bank.Schema}.events set type = 'note-taken' where position = {bad}");
        _ = reader.Begin();
        while (!reader.HasNext)
        {
            // Pages of the log are at hand for a second, as they were.
            await bank.Store.Subscriptions.ReplayParkedAsync(_name, Token);
            await Task.Delay(100, Token);
        }

        await reader.AckAsync("a2");
        await reader.AckAsync("a3");
        await WaitAsync(parked: 0);

        ParkedKey Parked() => bank.Store.Subscriptions.ListParkedAsync(_name, CancellationToken.None).GetAwaiter().GetResult().Single();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Behind_a_parked_event_of_its_key_it_is_skipped_too_once_that_is_replayed(bool isLast)
    {
        await AppendAsync("a", "a1");
        await AppendBadAsync("a", "a2");
        if (!isLast)
            await AppendAsync("a", "a3");

        await using var subscription = await OpenAsync(FailedEvent.Skip);
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).ParkAsync("later", Token);
        await WaitAsync(parked: 1);
        await bank.Store.Subscriptions.ReplayParkedAsync(_name, Token);
        await reader.AckAsync("a1");
        if (!isLast)
            await reader.AckAsync("a3");

        _ = reader.Begin();
        await WaitAsync(parked: 0);
    }

    [Fact]
    public async Task A_transient_subscription_skips_it_or_fails_and_parks_nothing()
    {
        await AppendBadAsync("a", "a1");
        await AppendAsync("a", "a2");
        await using (var subscription = await OpenAsync(FailedEvent.Skip, isTransient: true))
        await using (var reader = new PulledReader(subscription))
            await reader.AckAsync("a2");

        (await OpenAsync(FailedEvent.Park, isTransient: true).ShouldThrowAsync<ArgumentException>()).Message.ShouldContain("transient");
        Should.Throw<ArgumentOutOfRangeException>(static () => new SubscriptionOptions { Unreadable = (FailedEvent)7 });
    }

    [Fact]
    public async Task An_event_whose_key_cannot_be_told_is_parked_alone()
    {
        await AppendAsync("a", "a1");
        await AppendAsync("bad", "b1");
        await AppendAsync("a", "a2");
        await using var subscription = await OpenAsync(FailedEvent.Park, partition: Partition.By("name", static e =>
            e.StreamId.Value.EndsWith("bad", StringComparison.Ordinal) ? throw new InvalidOperationException("no key") : e.StreamId.Value));
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        await reader.AckAsync("a2");
        await WaitAsync(parked: 1);
        (await bank.Store.Subscriptions.ListParkedAsync(_name, Token)).Single().Failure.Kind.ShouldBe(FailureKind.KeyFailed);
    }

    private Task<SubscriptionStatus> WaitAsync(int parked) =>
        SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Lag == 0 && status.Parked == parked);

    private Task<ISubscription> OpenAsync(FailedEvent unreadable, bool isTransient = false, Partition? partition = null) =>
        bank.Store.Subscriptions.OpenAsync(
            _name,
            new SubscriptionOptions
            {
                Filter = new EventFilter().OfStreams(_prefix),
                Unreadable = unreadable,
                IsTransient = isTransient,
                Partition = partition,
            },
            Token);

    private async Task<long> AppendBadAsync(string stream, string text)
    {
        var position = (await AppendAsync(stream, text)).Position;
        await bank.TamperAsync($"update {bank.Schema}.events set type = 'unheard-of' where position = {position}");
        return position;
    }

    private Task<Commit> AppendAsync(string stream, string text) => bank.AppendAsync($"{_prefix}{stream}", new NoteTaken(text));
}
