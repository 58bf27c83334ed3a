using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class DeclaredSubscriptionTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<IEvent> _seen = new();

    [Fact]
    public async Task Every_event_is_handled_once_in_order_and_a_later_daemon_goes_on()
    {
        for (var index = 0; index < 5; index++)
            await bank.AppendAsync(_stream, new NoteTaken($"{index}"));

        await using var store = bank.With(_name, Collect);
        await using (var daemon = await SubscriptionStore.CatchUpAsync(store))
        {
            Texts().ShouldBe(["0", "1", "2", "3", "4"]);
            await bank.AppendAsync(_stream, new NoteTaken("5"), new NoteTaken("6"));
            await daemon.CatchUpAsync(Token);
            Texts().ShouldBe(["0", "1", "2", "3", "4", "5", "6"]);
            await daemon.StopAsync(Token);
        }

        await bank.AppendAsync(_stream, new NoteTaken("7"));
        await using var other = bank.With(_name, Collect);
        await using var later = await SubscriptionStore.CatchUpAsync(other);
        Texts().ShouldBe(["0", "1", "2", "3", "4", "5", "6", "7"]);
        (await SubscriptionStore.StatusAsync(other, _name)).State.ShouldBe(SubscriptionState.Idle);
    }

    [Fact]
    public async Task An_event_is_handled_soon_after_it_was_appended()
    {
        await using var store = bank.With(_name, Collect);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_stream, new NoteTaken("soon"));
        await session.SaveChangesAsync(Token);
        while (_seen.IsEmpty)
            await Task.Delay(1, Token);

        Texts().ShouldBe(["soon"]);
    }

    [Fact]
    public async Task What_the_handler_writes_is_saved_with_the_checkpoint_and_names_its_cause()
    {
        await using var session = bank.Store.OpenSession();
        session.CorrelationId = "order-1";
        session.Events.Append(_stream, new NoteTaken("a"), new NoteTaken("b"));
        await session.SaveChangesAsync(Token);
        var target = $"copy-{_stream}";
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .Handle((@event, context) =>
            {
                context.Session.Events.Append(target, new NoteTaken($"copy of {((NoteTaken)@event.Data).Text}"));
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);

        var originals = await bank.FetchAsync(_stream);
        var copies = await bank.FetchAsync(target);
        copies.Select(copy => ((NoteTaken)copy.Data).Text).ShouldBe(["copy of a", "copy of b"]);
        copies.Select(copy => copy.CorrelationId).ShouldBe(["order-1", "order-1"]);
        copies.Select(copy => copy.CausationId).ShouldBe(originals.Select(original => original.Id.ToString()));
    }

    [Fact]
    public async Task What_a_handler_of_pages_writes_names_what_its_events_have_in_common()
    {
        var stream = $"{_name}-pages";
        foreach (var correlation in (string[])["c1", "c1", "c2"])
        {
            await using var session = bank.Store.OpenSession();
            session.CorrelationId = correlation;
            session.Events.Append(stream, new NoteTaken(correlation));
            await session.SaveChangesAsync(Token);
        }

        foreach (var versions in (int[])[1, 2, 3])
        {
            var name = $"{_name}-{versions}";
            await using var store = bank.With(name, subscription => subscription
                .Filter(filter => filter.OfStream(stream))
                .Where(@event => @event.Version <= versions)
                .HandlePages((events, context) =>
                {
                    context.Session.Events.Append($"{stream}-{events.Count}", new NoteTaken("seen"));
                    return Task.CompletedTask;
                }));
            await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        }

        var events = await bank.FetchAsync(stream);
        var (one, two, three) = (await FirstAsync(1), await FirstAsync(2), await FirstAsync(3));
        (one.CorrelationId, one.CausationId).ShouldBe(("c1", events[0].Id.ToString()));
        (two.CorrelationId, two.CausationId).ShouldBe(("c1", null));
        (three.CorrelationId, three.CausationId).ShouldBe((null, null));

        async Task<IEvent> FirstAsync(int count) => (await bank.FetchAsync($"{stream}-{count}")).Single();
    }

    [Fact]
    public async Task A_handler_that_reads_sees_what_it_wrote_for_earlier_events()
    {
        var events = Enumerable.Range(0, 20).Select(index => (object)new NoteTaken($"{index}")).ToArray();
        await bank.AppendAsync(_stream, events);
        var target = $"sum-{_stream}";
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .Handle(async (@event, context) =>
            {
                // The first ones only write; those after them read as well.
                if (@event.Version > 3)
                {
                    var before = await context.Session.Events.FetchStreamAsync(target, cancellationToken: context.CancellationToken);
                    before.Count.ShouldBe((int)@event.Version - 1);
                }

                context.Session.Events.Append(target, new NoteTaken($"{@event.Version}"));
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);

        (await bank.FetchAsync(target)).Select(copy => ((NoteTaken)copy.Data).Text).ShouldBe(
            Enumerable.Range(1, 20).Select(index => $"{index}"));
    }

    private void Collect(SubscriptionBuilder subscription) => subscription
        .Filter(filter => filter.OfStream(_stream))
        .Handle((@event, _) =>
        {
            _seen.Enqueue(@event);
            return Task.CompletedTask;
        });

    private IEnumerable<string> Texts() => _seen.Select(@event => ((NoteTaken)@event.Data).Text);
}
