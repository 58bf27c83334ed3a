using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

public sealed class ReplayBorderTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"p{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _seen = new();

    [Fact]
    public async Task A_page_holds_nothing_new_beside_what_comes_again()
    {
        await AppendAsync("1", "2");
        await using (var store = Store(inPages: true))
        {
            await using var daemon = await SubscriptionStore.CatchUpAsync(store);
            await store.Subscriptions.RewindAsync(_name, 0, Token);
        }

        _seen.Clear();
        await AppendAsync("3", "4");
        await using var other = Store(inPages: true);
        await using var again = await SubscriptionStore.CatchUpAsync(other);
        _seen.ShouldBe(["1 2 again", "3 4"]);
    }

    [Fact]
    public async Task What_was_not_handled_before_a_rewind_is_new_after_it()
    {
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendAsync("1");
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.PauseAsync(_name, Token);
        await AppendAsync("2");
        await store.Subscriptions.RewindAsync(_name, 0, Token);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1", "1 again", "2"]);
    }

    [Fact]
    public async Task What_comes_again_after_a_reset_says_so()
    {
        await AppendAsync("1");
        await using var store = Store();
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendAsync("2");
        await daemon.CatchUpAsync(Token);
        await store.Subscriptions.ResetAsync(_name, 0, Token);
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1 again", "2", "1 again", "2 again"]);
    }

    [Fact]
    public async Task What_a_log_holds_now_behind_a_checkpoint_that_was_ahead_of_it_is_new()
    {
        await AppendAsync("1");
        await using var store = Store();
        await using (await SubscriptionStore.CatchUpAsync(store))
        {
        }

        var position = (await SubscriptionStore.StatusAsync(store, _name)).Position;
        await bank.ExecuteAsync($$"""update {schema}.checkpoints set position = 1000000 where subscription = '{{_name}}'""");
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        await store.Subscriptions.ResetAsync(_name, position, Token);
        await AppendAsync("2");
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe(["1 again", "2"]);
    }

    private Task<Commit> AppendAsync(params string[] texts) =>
        bank.AppendAsync(_stream, [.. texts.Select(static text => (object)new NoteTaken(text))]);

    private EventStore Store(bool inPages = false) => bank.With(_name, subscription =>
    {
        subscription.Filter(filter => filter.OfStream(_stream));
        _ = inPages ? subscription.HandlePages(Note) : subscription.Handle((@event, context) => Note([@event], context));
    });

    private Task Note(IReadOnlyList<IEvent> events, SubscriptionContext context)
    {
        var texts = string.Join(' ', events.Select(static @event => ((NoteTaken)@event.Data).Text));
        _seen.Enqueue(context.IsReplay ? $"{texts} again" : texts);
        return Task.CompletedTask;
    }
}
