using FluentEventStore.ApiSnippets.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/test-subscriptions.md.</summary>
public sealed class TestSubscriptionsTests(SnippetStore snippets)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_handled_once_the_daemon_has_caught_up()
    {
        var mail = new Outbox();
        await using var store = await CreateAsync(options =>
            options.Subscriptions.Add("mailer", subscription => subscription.Handle(new Welcome(mail))));
        var id = Guid.CreateVersion7();

        // begin-snippet: catch-up
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        await using var session = store.OpenSession();
        session.Events.Append(id, new AccountOpened(id, "Ada", "EUR"));
        await session.SaveChangesAsync();

        await daemon.CatchUpAsync();

        mail.Sent.ShouldBe(["Welcome, Ada"]);
        // end-snippet
    }

    [Fact]
    public async Task A_failure_ends_the_wait_at_once()
    {
        var mail = new Outbox { Told = static _ => throw new IOException("The mail server is away.") };

        // begin-snippet: fast
        await using var store = await CreateAsync(options => options.Subscriptions.Add("mailer", subscription => subscription
            .OnError(retries: 3, then: FailedEvent.Stop, pause: TimeSpan.Zero, longestPause: TimeSpan.Zero)
            .Handle(new Welcome(mail))));
        // end-snippet

        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await OpenAsync(store);

        // begin-snippet: stopped
        var stopped = await Should.ThrowAsync<SubscriptionStoppedException>(() => daemon.CatchUpAsync());
        stopped.Reason.ShouldContain("The mail server is away.");
        // end-snippet
    }

    [Fact]
    public async Task A_test_waits_until_a_consumer_has_answered()
    {
        await using var store = await CreateAsync(static _ => { });
        await using var mailbox = await store.Subscriptions.OpenAsync("mailbox", Cancellation);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var consuming = ConsumeAsync();
        await using var session = store.OpenSession();
        session.Events.Append("account-7", new AccountClosed(Guid.Empty));

        // begin-snippet: pulled
        var commit = await session.SaveChangesAsync();
        await store.WaitForAsync(commit, "mailbox", TimeSpan.FromSeconds(30));
        // end-snippet

        await enough.CancelAsync();
        (await consuming).ShouldBe(1);

        async Task<int> ConsumeAsync()
        {
            var answered = 0;
            try
            {
                await foreach (var delivery in mailbox.ReadAsync(enough.Token))
                {
                    await delivery.AckAsync(Cancellation);
                    answered++;
                }
            }
            catch (OperationCanceledException)
            {
            }

            return answered;
        }
    }

    [Fact]
    public async Task A_consumer_is_tested_with_a_delivery_that_nobody_made()
    {
        await using var store = await CreateAsync(static _ => { });
        await OpenAsync(store);
        await using var session = store.OpenQuerySession();
        var e = (await session.Events.FetchStreamAsync("account-7", Cancellation)).Single();

        // begin-snippet: consumer
        List<DeliveryAnswer> answers = [];
        await ConsumeAsync(new Delivery(e, answers.Add) { Attempt = 5 });

        answers.ShouldBe([new DeliveryAnswer(DeliveryAnswerKind.Park, TimeSpan.Zero, "Five times are enough.")]);
        // end-snippet

        static Task ConsumeAsync(Delivery delivery) =>
            delivery.Attempt < 5 ? delivery.AckAsync() : delivery.ParkAsync("Five times are enough.");
    }

    [Fact]
    public async Task Timestamps_come_from_the_clock_of_the_options()
    {
        var handled = new Outbox();

        // begin-snippet: clock
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = await CreateAsync(options =>
        {
            options.TimeProvider = clock;
            options.Subscriptions.Add("new-year", subscription => subscription
                .FromTime(new DateTimeOffset(2030, 1, 2, 0, 0, 0, TimeSpan.Zero))
                .Handle((e, context) => handled.SendAsync($"{e.Timestamp:d MMM}", context.CancellationToken)));
        });
        await OpenAsync(store);
        clock.Advance(TimeSpan.FromDays(2));
        await OpenAsync(store);
        // end-snippet

        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await daemon.CatchUpAsync(Cancellation);
        handled.Sent.ShouldBe(["3 Jan"]);
    }

    private async Task<EventStore> CreateAsync(Action<EventStoreOptions> declare)
    {
        var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            declare(options);
        });
        await store.Schema.ApplyAsync(Cancellation);
        return store;
    }

    private static async Task OpenAsync(EventStore store)
    {
        await using var session = store.OpenSession();
        session.Events.Append("account-7", new AccountOpened(Guid.Empty, "Ada", "EUR"));
        await session.SaveChangesAsync(Cancellation);
    }
}
