using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Handlers that reserve values and set natural keys with the session of their page.</summary>
public sealed class HandledKeyTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_event_cannot_have_is_refused_to_it_alone()
    {
        await bank.AppendAsync(_stream, new NoteTaken("a"), new NoteTaken("a"), new NoteTaken("b"));
        await using var store = bank.With(_name, subscription => subscription
            .Filter(filter => filter.OfStream(_stream))
            .OnError(0, FailedEvent.Skip)
            .Handle((e, context) =>
            {
                var text = ((NoteTaken)e.Data).Text + _stream;
                context.Session.Events.StartStream<Order>(e.Id, new OrderPlaced(new OrderNumber(text), "Ada"));
                context.Session.Reserve("note", text, e.Id);
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);

        var events = await bank.FetchAsync(_stream);
        await using var session = bank.Store.OpenQuerySession();
        foreach (var (text, holder) in (IEnumerable<(string, IEvent)>)[("a", events[0]), ("b", events[2])])
        {
            (await session.Events.FetchLatestAsync<Order, OrderNumber>(new OrderNumber(text + _stream), Token))!.Id.ShouldBe(holder.Id);
            (await session.FindReservationAsync("note", text + _stream, Token)).ShouldBe((StreamId)holder.Id);
        }

        (await bank.FetchAsync(events[1].Id)).ShouldBeEmpty();
    }
}
