using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Events of ten megabytes between small ones.</summary>
public sealed class BigEventTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private const int Count = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<int> _seen = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_declared_subscription_gets_each_once_and_in_order(bool inPages)
    {
        await AppendAsync(streams: 1);
        await using var store = bank.With(_name, subscription =>
        {
            subscription.Filter(filter => filter.OfStreams(_prefix));
            _ = inPages
                ? subscription.HandlePages((events, _) => Note(events))
                : subscription.Handle((@event, _) => Note([@event]));
        });
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(Enumerable.Range(0, Count));
    }

    [Fact]
    public async Task So_do_ranges_side_by_side()
    {
        await AppendAsync(streams: 4);
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .PartitionByStream(4)
            .Handle((@event, _) => Note([@event])));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.Order().ShouldBe(Enumerable.Range(0, Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consumer_of_a_pulled_one_gets_each_once_and_in_order(bool ofStream)
    {
        await AppendAsync(streams: 1);
        var options = ofStream
            ? new SubscriptionOptions { Stream = $"{_prefix}0" }
            : new SubscriptionOptions { Filter = new EventFilter().OfStreams(_prefix) };
        await using var subscription = await bank.Store.Subscriptions.OpenAsync(_name, options, Token);
        await using var reader = new PulledReader(subscription);
        for (var number = 0; number < Count; number++)
        {
            var delivery = await reader.TakeAsync();
            await Note([delivery.Event]);
            await delivery.AckAsync(Token);
        }

        _seen.ShouldBe(Enumerable.Range(0, Count));
    }

    private Task Note(IReadOnlyList<IEvent> events)
    {
        foreach (var @event in events)
        {
            var note = (NoteTaken)@event.Data;
            note.Text.Length.ShouldBe(LengthOf((int)note.Weight));
            _seen.Enqueue((int)note.Weight);
        }

        return Task.CompletedTask;
    }

    private async Task AppendAsync(int streams)
    {
        for (var number = 0; number < Count; number++)
            await bank.AppendAsync($"{_prefix}{number % streams}", new NoteTaken(new string('x', LengthOf(number)), number));
    }

    private static int LengthOf(int number) => number % 3 == 1 ? 10 << 20 : 10;
}
