using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Pulling;

public sealed class PulledParkingTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task A_parked_event_holds_back_its_key_until_it_is_replayed()
    {
        await AppendAsync("a", "a1", "a2", "a3");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        var held = await reader.TakeAsync(2);
        var a2 = held.Single(static one => PulledReader.TextOf(one) == "a2");
        await held.Single(one => one != a2).AckAsync(Token);
        await a2.ParkAsync("later", Token);
        await WaitAsync(parked: 1);
        await AppendAsync("a", "a4");
        await AppendAsync("b", "b2");
        await reader.AckAsync("b2");

        var key = (await bank.Store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token)).ShouldHaveSingleItem();
        (key.Position, key.Failure.Kind, key.Failure.Message, key.Failure.Attempts)
            .ShouldBe((a2.Event.Position, FailureKind.ConsumerGaveUp, "later", 1));
        (await bank.Store.Subscriptions.ReplayParkedAsync(key, cancellationToken: Token)).ShouldBeTrue();
        (await reader.AckAsync("a2")).Attempt.ShouldBe(2);
        await reader.AckAsync("a3");
        await reader.AckAsync("a4");
        await WaitAsync(parked: 0);
        await AppendAsync("a", "a5");
        await reader.AckAsync("a5");
    }

    [Fact]
    public async Task A_replayed_event_that_is_parked_again_stays_and_one_that_is_dropped_does_not_come()
    {
        await AppendAsync("a", "a1", "a2", "a3");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).ParkAsync("later", Token);
        await WaitAsync(parked: 1);
        await bank.Store.Subscriptions.ReplayParkedAsync(_name, cancellationToken: Token);
        await reader.AckAsync("a1");
        await (await reader.TakeAsync()).ParkAsync("this one too", Token);
        var a2 = await ParkedAsync(static key => key.Failure.Message == "this one too");
        await bank.Store.Subscriptions.DropParkedAsync(a2, "unwanted", cancellationToken: Token);
        await reader.AckAsync("a3");
        await WaitAsync(parked: 0);
        (await AuditAsync("drop")).ShouldBe(1);
    }

    [Fact]
    public async Task A_skipped_event_is_passed_over_and_the_audit_says_why()
    {
        await AppendAsync("a", "a1", "a2");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await (await reader.TakeAsync()).SkipAsync("unwanted", Token);
        await reader.AckAsync("a2");
        await WaitAsync(parked: 0);
        (await AuditAsync("skip")).ShouldBe(1);
    }

    [Fact]
    public async Task A_long_retry_is_parked_until_it_is_due_and_counts_its_attempts()
    {
        await AppendAsync("a", "a1", "a2");
        await AppendAsync("b", "b1");
        await using (var subscription = await OpenAsync())
        {
            await using var reader = new PulledReader(subscription);
            await (await reader.TakeAsync()).RetryAsync(TimeSpan.FromHours(1), Token);
            await reader.AckAsync("b1");
            await WaitAsync(parked: 1);
            (await AuditAsync("park")).ShouldBe(0);
        }

        await bank.ExecuteAsync($"update {bank.Schema}.parked set due = now() where subscription = '{_name}'");
        await using var later = await OpenAsync();
        await using var other = new PulledReader(later);
        (await other.AckAsync("a1")).Attempt.ShouldBe(2);
        await other.AckAsync("a2");
        await WaitAsync(parked: 0);
    }

    [Fact]
    public async Task A_key_that_waits_still_waits_when_the_checkpoint_was_behind_it()
    {
        await AppendAsync("a", "a1");
        await AppendAsync("b", "b1", "b2");
        await using (var subscription = await OpenAsync())
        {
            await using var reader = new PulledReader(subscription);
            var all = await reader.TakeAsync(2);
            await all[1].ParkAsync("later", Token);
            await ParkedAsync(static _ => true);
        }

        await using var later = await OpenAsync();
        await using var other = new PulledReader(later);
        await other.AckAsync("a1");
        await WaitAsync(parked: 1);
        await bank.Store.Subscriptions.ReplayParkedAsync(_name, cancellationToken: Token);
        await other.AckAsync("b1");
        await other.AckAsync("b2");
        await WaitAsync(parked: 0);
    }

    [Fact]
    public async Task With_too_many_parked_keys_it_stops_and_says_so_and_goes_on_when_it_is_resumed()
    {
        await using var store = bank.CreateStore(static options => options.Subscriptions.MaxParkedKeys = 1);
        await AppendAsync("a", "a1");
        await AppendAsync("b", "b1");
        await using var subscription = await OpenAsync(store: store);
        await using var reader = new PulledReader(subscription);
        foreach (var delivery in await reader.TakeAsync(2))
            await delivery.ParkAsync("later", Token);

        (await reader.Begin().ShouldThrowAsync<SubscriptionStoppedException>()).Reason.ShouldContain("1 keys are parked");
        await bank.Store.Subscriptions.ResumeAsync(_name, Token);
        await using var other = new PulledReader(subscription);
        await other.AckAsync("b1");
    }

    [Fact]
    public async Task An_event_of_an_unknown_type_stops_the_range_after_those_before_it()
    {
        await AppendAsync("a", "a1");
        var bad = await AppendAsync("b", "b1");
        await AppendAsync("a", "a2");
        await bank.TamperAsync($"update {bank.Schema}.events set type = 'unheard-of' where position = {bad.Position}");
        await using var subscription = await OpenAsync();
        await using var reader = new PulledReader(subscription);
        await reader.AckAsync("a1");
        var stopped = await reader.Begin().ShouldThrowAsync<SubscriptionStoppedException>();
        stopped.Position.ShouldBe(bad.Position - 1);
        var status = await SubscriptionStore.StatusAsync(bank.Store, _name);
        (status.State, status.Failure!.Kind).ShouldBe((SubscriptionState.Faulted, FailureKind.UnknownType));
    }

    [Fact]
    public async Task Keys_of_another_partition_are_replayed()
    {
        await AppendAsync("xa", "1");
        await AppendAsync("xb", "2");
        await AppendAsync("ya", "3");
        await using var subscription = await OpenAsync(
            options => options.Partition = Partition.By("last", static @event => @event.StreamId.Value[^1..]));
        await using var reader = new PulledReader(subscription);
        foreach (var delivery in await reader.TakeAsync(2))
            await delivery.ParkAsync("later", Token);

        await WaitAsync(parked: 2);
        await bank.Store.Subscriptions.ReplayParkedAsync(_name, cancellationToken: Token);
        await reader.AckAsync("1");
        var rest = await reader.TakeAsync(2);
        rest.Select(PulledReader.TextOf).Order().ShouldBe(["2", "3"]);
        foreach (var delivery in rest)
            await delivery.AckAsync(Token);

        await WaitAsync(parked: 0);
    }

    private async Task<ParkedKey> ParkedAsync(Func<ParkedKey, bool> isThere)
    {
        while (true)
        {
            if (await bank.Store.Subscriptions.ListParkedAsync(_name, cancellationToken: Token) is [var key, ..] && isThere(key))
                return key;

            await Task.Delay(20, Token);
        }
    }

    private async Task<long> AuditAsync(string verb) => (long)(await bank.ExecuteAsync(
        $"select count(*) from {bank.Schema}.audit where verb = '{verb}' and detail ->> 'subscription' = '{_name}'"))!;

    private Task<SubscriptionStatus> WaitAsync(int parked) =>
        SubscriptionStore.WaitAsync(bank.Store, _name, status => status.Lag == 0 && status.Parked == parked);

    private async Task<ISubscription> OpenAsync(Action<SubscriptionOptions>? configure = null, EventStore? store = null)
    {
        var options = new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix) };
        configure?.Invoke(options);
        return await (store ?? bank.Store).Subscriptions.OpenAsync(_name, options, Token);
    }

    private Task<Commit> AppendAsync(string stream, params string[] texts) =>
        bank.AppendAsync($"{_prefix}{stream}", [.. texts.Select(static text => (object)new NoteTaken(text))]);
}
