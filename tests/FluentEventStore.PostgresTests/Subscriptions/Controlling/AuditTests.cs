using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

public sealed class AuditTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";

    [Fact]
    public async Task What_is_done_to_a_subscription_is_written_down_with_what_it_was_told()
    {
        await using var store = Store();
        var last = await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var all = store.Subscriptions;
        await all.PauseAsync(_name, Token);
        await all.ResumeAsync(_name, Token);
        await all.RewindAsync(_name, last.Position - 1, Token);
        await all.ResetAsync(_name, last.Position, Token);
        await daemon.CatchUpAsync(Token);
        await all.SplitAsync(_name, 4, Token);
        await all.MergeAsync(_name, 2, Token);
        await all.RepartitionAsync(_name, Partition.ByTenant.Name, Token);
        await all.PauseAsync(_name, "a", Token);
        await all.RewindAsync(_name, "a", 0, Token);
        await all.ResumeAsync(_name, "a", Token);
        await all.DeleteAsync(_name, Token);

        (await FetchAsync("verb || ' ' || tenant || ' ' || coalesce(detail ->> 'to', '') || coalesce(detail ->> 'ranges', '')")).ShouldBe(
        [
            "subscription-pause  ",
            "subscription-resume  ",
            $"subscription-rewind  {last.Position - 1}",
            $"subscription-reset  {last.Position}",
            "subscription-split  4",
            "subscription-merge  2",
            "subscription-repartition  2",
            "subscription-pause a ",
            "subscription-rewind a 0",
            "subscription-resume a ",
            "subscription-delete  ",
        ]);
    }

    [Fact]
    public async Task What_becomes_of_parked_events_is_written_down_with_the_key_and_why()
    {
        var isMended = false;
        await using var store = bank.With(_name, subscription => Filtered(subscription)
            .OnError(0, FailedEvent.Park)
            .Handle((_, _) => isMended ? Task.CompletedTask : throw new InvalidOperationException("it is bad")));
        var first = await bank.AppendAsync(_stream, new NoteTaken("1"));
        await bank.AppendAsync(_stream, new NoteTaken("2"));
        await bank.AppendAsync(_stream, new NoteTaken("3"));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        var key = await FindAsync(store, first.Position);
        (await store.Subscriptions.DropParkedAsync(key, "not wanted", Token)).ShouldBeTrue();
        var next = await FindAsync(store, first.Position + 1);
        isMended = true;
        (await store.Subscriptions.ReplayParkedAsync(next, 1, Token)).ShouldBeTrue();
        (await store.Subscriptions.ReplayParkedAsync(await FindAsync(store, first.Position + 2), Token)).ShouldBeTrue();
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);

        var rows = await FetchAsync(
            $"verb || ' ' || (detail ->> 'key' = '{_stream}') || ' ' || ((detail ->> 'position')::bigint - {first.Position}) "
                + "|| ' ' || coalesce(detail -> 'reason' ->> 'message', detail ->> 'reason', '')");
        rows.Select(static row => row.TrimEnd()).ShouldBe(
        [
            "park true 0 it is bad",
            "want-drop true 0 not wanted",
            "drop true 0 not wanted",
            "want-replay true 1",
            "want-replay true 2",
            "free true 2",
        ]);
    }

    private async Task<ParkedKey> FindAsync(EventStore store, long position)
    {
        ParkedKey? key = null;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                key = (await store.Subscriptions.ListParkedAsync(_name, Token)).SingleOrDefault(one => one.Position == position);
                return key is not null;
            },
            "it is parked there");
        return key!;
    }

    private async Task<string[]> FetchAsync(string columns) => (string[])(await bank.ExecuteAsync(
        $"select array_agg({columns} order by at, ctid) from {bank.Schema}.audit where detail ->> 'subscription' = '{_name}'"))!;

    private SubscriptionBuilder Filtered(SubscriptionBuilder subscription) => subscription.Filter(filter => filter.OfStream(_stream));

    private EventStore Store() => bank.With(_name, subscription => Filtered(subscription).Handle(static (_, _) => Task.CompletedTask));
}
