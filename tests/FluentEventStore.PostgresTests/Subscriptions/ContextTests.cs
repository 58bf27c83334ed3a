using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>What a handler is told beside the event, and what it may say otherwise.</summary>
public sealed class ContextTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";

    [Fact]
    public async Task It_says_how_often_the_event_was_handed_over()
    {
        await bank.AppendAsync(_stream, new NoteTaken("twice"), new NoteTaken("once"));
        var attempts = new ConcurrentQueue<(string Text, int Attempt)>();
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .OnError(2, FailedEvent.Stop, TimeSpan.Zero, TimeSpan.Zero)
            .Handle((e, context) =>
            {
                var text = ((NoteTaken)e.Data).Text;
                attempts.Enqueue((text, context.Attempt));
                return text == "twice" && context.Attempt < 2 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        attempts.ShouldBe([("twice", 1), ("twice", 2), ("once", 1)]);
    }

    [Fact]
    public async Task A_handler_may_name_another_correlation_and_cause_for_what_it_appends()
    {
        await using (var session = bank.Store.OpenSession())
        {
            session.CorrelationId = "order-1";
            session.Events.Append(_stream, new NoteTaken("own"), new NoteTaken("the event's"));
            await session.SaveChangesAsync(Token);
        }

        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .Handle((e, context) =>
            {
                if (e.Version == 1)
                    (context.Session.CorrelationId, context.Session.CausationId) = ("mine", "because");

                context.Session.Events.Append($"copy-{_stream}", e.Data);
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        var second = (await bank.FetchAsync(_stream))[1];
        (await bank.FetchAsync($"copy-{_stream}")).Select(static copy => (copy.CorrelationId, copy.CausationId)).ShouldBe(
            [("mine", "because"), ("order-1", second.Id.ToString())]);
    }

    [Fact]
    public async Task Events_without_a_key_are_each_handled_once_in_any_range()
    {
        var seen = new ConcurrentQueue<string>();
        var texts = Enumerable.Range(0, 50).Select(static number => $"{number}").ToList();
        await bank.AppendAsync(_stream, [.. texts.Select(static text => (object)new NoteTaken(text))]);
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .PartitionBy(Partition.By("none", static _ => null), 4)
            .OnError(0, FailedEvent.Park)
            .Handle((e, _) =>
            {
                var text = ((NoteTaken)e.Data).Text;
                if (text == "7")
                    throw new InvalidOperationException("it is bad");

                seen.Enqueue(text);
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);

        // No other waits behind the one that is parked.
        seen.Order().ShouldBe(texts.Where(static text => text != "7").Order());
        (await SubscriptionStore.StatusAsync(store, _name)).Parked.ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_told_as_such()
    {
        await bank.AppendAsync(_stream, new NoteTaken("slow"));
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .OnError(1, FailedEvent.Stop, TimeSpan.Zero, TimeSpan.Zero)
            .HandlerTimeout(TimeSpan.FromMilliseconds(50))
            .Handle(static (_, context) => Task.Delay(Timeout.Infinite, context.CancellationToken)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>();
        var failure = (await SubscriptionStore.StatusAsync(store, _name)).Failure.ShouldNotBeNull();
        (failure.Kind, failure.Attempts).ShouldBe((FailureKind.HandlerTimedOut, 2));
    }
}
