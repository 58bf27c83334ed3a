using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.Proofs.Subscriptions.Working;

/// <summary>Commits that fail for a reason that is not their event's, however often they do.</summary>
public sealed class PassingFailureTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SubscriptionStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, int> _calls = [];

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    /// <summary>A handler fails once for a reason of its own, and the commit of its second call is lost once, by the network.</summary>
    [Fact]
    public async Task A_commit_that_is_lost_once_is_no_attempt_of_an_event_that_has_failed_before()
    {
        await _bank.ExecuteAsync("""
            create sequence {schema}.tries;
            grant usage on sequence {schema}.tries to public;
            create function {schema}.end_connection() returns trigger language plpgsql as
            $$ begin
              if nextval('{schema}.tries') = 1 then
                perform pg_terminate_backend(pg_backend_pid());
              end if;
              return new;
            end $$;
            create trigger end_connection before insert on {schema}.doc_counter
            for each row execute function {schema}.end_connection();
            """);
        await _bank.AppendAsync("a", new NoteTaken("once"));
        await using var store = _bank.With(_name, subscription => subscription
            .OnError(1, FailedEvent.Park, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1))
            .Handle((@event, context) =>
            {
                if (_calls.AddOrUpdate("once", 1, static (_, count) => count + 1) == 1)
                    throw new InvalidOperationException("the mail server is down");

                context.Session.Store(new Counter { Id = 1, Value = 1 });
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        (await store.Subscriptions.ListParkedAsync(_name, Token)).ShouldBeEmpty();
        _calls["once"].ShouldBe(3);
    }

    /// <summary>Nothing can be written that takes new space, for a while; what changes rows in place can.</summary>
    [Theory]
    [InlineData("53100")]
    [InlineData("58030")]
    public async Task A_disk_that_is_full_parks_nothing(string sqlState)
    {
        await _bank.ExecuteAsync($$"""
            create function {schema}.is_full() returns trigger language plpgsql as
            $$ begin raise exception 'could not extend file: No space left on device' using errcode = '{{sqlState}}'; end $$;
            create trigger is_full before insert on {schema}.doc_counter for each row execute function {schema}.is_full();
            """);
        foreach (var stream in (string[])["a", "b", "c"])
            await _bank.AppendAsync(stream, new NoteTaken("1"), new NoteTaken("2"));

        await using var store = _bank.With(
            _name,
            static subscription => subscription
                .OnError(1, FailedEvent.Park, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1))
                .Handle(static (@event, context) =>
                {
                    context.Session.Store(new Counter { Id = (int)@event.Position, Value = 1 });
                    return Task.CompletedTask;
                }),
            static options => options.WaitClock = new FastClock());
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        for (var looks = 0; looks < 150; looks++)
        {
            (await store.Subscriptions.ListParkedAsync(_name, Token)).ShouldBeEmpty();
            await Task.Delay(100, Token);
        }

        await _bank.ExecuteAsync("drop trigger is_full on {schema}.doc_counter");
        await daemon.CatchUpAsync(Token);
        (await store.Subscriptions.ListParkedAsync(_name, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100, 0, true)]
    [InlineData(100, 0, false)]
    [InlineData(1, 5000, true)]
    public async Task A_page_that_takes_too_long_is_split_and_an_event_that_does_so_alone_is_named(int each, int ofBad, bool inPages)
    {
        await _bank.ExecuteAsync("""
            create function {schema}.take_long() returns trigger language plpgsql as
            $$ begin perform pg_sleep((new.data ->> 'value')::float / 1000.0); return new; end $$;
            create trigger take_long before insert or update on {schema}.doc_counter
            for each row execute function {schema}.take_long();
            """);
        await _bank.AppendAsync("a", [.. Enumerable.Range(1, 20).Select(static number => (object)new NoteTaken($"{number}"))]);
        await _bank.AppendAsync("b", new NoteTaken("bad"));
        await _bank.AppendAsync("c", new NoteTaken("two"));
        await using var store = _bank.With(
            _name,
            subscription => _ = inPages ? subscription.HandlePages(Write) : subscription.Handle((one, context) => Write([one], context)),
            options =>
            {
                options.WaitClock = new FastClock();
                options.Connection(_bank.StoreConnectionString + ";Options=-c statement_timeout=1000");
            });
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        var status = await SubscriptionStore.WaitAsync(store, _name, status => ofBad == 0
            ? status.Lag == 0
            : status is { Position: 20, State: SubscriptionState.Waiting });
        status.Failure?.Position.ShouldBe(21);

        Task Write(IReadOnlyList<IEvent> events, SubscriptionContext context)
        {
            foreach (var one in events)
                context.Session.Store(new Counter { Id = (int)one.Position, Value = one.StreamId == "b" && ofBad > 0 ? ofBad : each });

            return Task.CompletedTask;
        }
    }
}
