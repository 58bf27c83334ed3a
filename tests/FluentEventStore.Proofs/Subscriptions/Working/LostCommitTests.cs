using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.Proofs.Subscriptions.Working;

/// <summary>Work whose commit ends its connection each time, as by an extension that crashes or memory that runs out.</summary>
public sealed class LostCommitTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SubscriptionStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly Dictionary<string, int> _calls = [];

    public async ValueTask InitializeAsync()
    {
        await _bank.InitializeAsync();
        await _bank.ExecuteAsync("""
            create function {schema}.end_connection() returns trigger language plpgsql as
            $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger end_connection before insert on {schema}.doc_counter
            for each row when (new.id = '666') execute function {schema}.end_connection();
            """);
    }

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_event_that_it_is_for_is_found_and_given_up_and_others_are_handled(bool inPages)
    {
        await _bank.AppendAsync("a", new NoteTaken("one"));
        await _bank.AppendAsync("b", new NoteTaken("bad"));
        await _bank.AppendAsync("c", new NoteTaken("two"));
        await using var store = Store(subscription =>
        {
            subscription.OnError(1, FailedEvent.Park, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
            _ = inPages ? subscription.HandlePages(Write) : subscription.Handle((@event, context) => Write([@event], context));
        });
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Token);

        var parked = (await store.Subscriptions.ListParkedAsync(_name, Token)).ShouldHaveSingleItem();
        (parked.Key, parked.Failure.Kind, parked.Failure.Attempts).ShouldBe(("b", FailureKind.WorkRefused, 2));
        parked.Failure.Message.ShouldContain("connection");
        parked.Failure.ExceptionType.ShouldBe(typeof(CommitOutcomeUnknownException).FullName);
        await using var session = store.OpenQuerySession();
        (await session.LoadAsync<Counter>(3, Token)).ShouldNotBeNull();

        // Twice together with the others, eight times alone, and once more: what it did outside came so often.
        _calls["bad"].ShouldBeInRange(10, 12);
        _calls["two"].ShouldBeInRange(3, 4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parked_one_stays_behind_when_it_is_replayed_and_other_keys_do_not(bool byName)
    {
        await _bank.AppendAsync("a", new NoteTaken("bad"));
        await _bank.AppendAsync("b", new NoteTaken("once"));
        var isMended = false;
        await using var store = Store(subscription => subscription
            .PartitionBy(byName ? Partition.By("name", static @event => @event.StreamId.Value) : Partition.ByStream)
            .OnError(0, FailedEvent.Park)
            .Handle((@event, context) => Volatile.Read(ref isMended)
                ? Write([@event], context)
                : throw new InvalidOperationException("not yet")));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        Volatile.Write(ref isMended, true);
        (await store.Subscriptions.ReplayParkedAsync(_name, Token)).ShouldBe(2);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 1);
        await WaitForRestAsync(store);
        _calls["bad"].ShouldBeInRange(3, 5);
    }

    [Fact]
    public async Task While_it_is_tried_again_the_status_says_why()
    {
        await _bank.AppendAsync("a", new NoteTaken("bad"));
        await using var store = Store(subscription => subscription
            .OnError(5, FailedEvent.Stop, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))
            .Handle((@event, context) => Write([@event], context)));
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        var status = await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Waiting);
        (status.Failure!.Kind, status.Failure.Position, status.Failure.EventType).ShouldBe((FailureKind.WorkRefused, 1L, "note-taken"));
    }

    [Fact]
    public async Task What_a_page_writes_is_split_where_it_is_too_much_for_one_transaction()
    {
        var text = new string('x', 2 << 20);
        await _bank.AppendAsync("a", [.. Enumerable.Range(1, 40).Select(static number => (object)new NoteTaken($"{number}"))]);
        await using var store = Store(subscription => subscription
            .Filter(static filter => filter.OfStream("a"))
            .HandlePages((events, context) =>
            {
                foreach (var @event in events)
                    context.Session.Events.Append("copies", new NoteTaken($"{((NoteTaken)@event.Data).Text} {text}"));

                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await using var session = store.OpenQuerySession();
        var copies = await session.Events.FetchStreamAsync("copies", cancellationToken: Token);
        copies.Select(static copy => ((NoteTaken)copy.Data).Text.Split(' ')[0])
            .ShouldBe(Enumerable.Range(1, 40).Select(static number => $"{number}"));
    }

    private async Task WaitForRestAsync(EventStore store)
    {
        while (true)
        {
            var parked = await store.Subscriptions.ListParkedAsync(_name, Token);
            if (parked is [{ Key: "a", IsWanted: false, Failure.Kind: FailureKind.WorkRefused }])
                return;

            await Task.Delay(20, Token);
        }
    }

    private EventStore Store(Action<SubscriptionBuilder> declare) =>
        _bank.With(_name, declare, static options => options.WaitClock = new FastClock());

    private Task Write(IReadOnlyList<IEvent> events, SubscriptionContext context)
    {
        foreach (var @event in events)
        {
            var text = ((NoteTaken)@event.Data).Text;
            _calls[text] = _calls.GetValueOrDefault(text) + 1;
            context.Session.Store(new Counter { Id = text == "bad" ? 666 : (int)@event.Position, Value = 1 });
        }

        return Task.CompletedTask;
    }
}
