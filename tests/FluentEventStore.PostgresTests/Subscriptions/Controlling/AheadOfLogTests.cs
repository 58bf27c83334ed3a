using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

/// <summary>A checkpoint ahead of the log counts as handled for nobody, before anybody has claimed its range as well.</summary>
public sealed class AheadOfLogTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"p{Guid.NewGuid():N}";

    [Fact]
    public async Task Who_catches_up_with_a_start_beyond_the_log_learns_that_it_stopped()
    {
        await bank.AppendAsync(_stream, new NoteTaken("1"));
        await using var store = Store(static subscription => subscription.FromPosition(1_000_000));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        (await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>()).Message.ShouldContain("LogForked");
    }

    [Fact]
    public async Task Who_waits_for_a_commit_learns_that_the_log_has_lost_its_end()
    {
        await using var store = Store(static _ => { });
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
        }

        await bank.ExecuteAsync($$"""update {schema}.checkpoints set position = 1000000 where subscription = '{{_name}}'""");
        var commit = await bank.AppendAsync(_stream, new NoteTaken("1"));
        var late = await store.WaitForAsync(commit, _name, TimeSpan.FromSeconds(0.2), Token).ShouldThrowAsync<TimeoutException>();
        late.Message.ShouldContain("ahead of the log");
    }

    private EventStore Store(Action<SubscriptionBuilder> declare) => bank.With(_name, subscription =>
    {
        subscription.Filter(filter => filter.OfStream(_stream)).Handle(static (_, _) => Task.CompletedTask);
        declare(subscription);
    });
}
