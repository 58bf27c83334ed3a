using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/handle-failures.md.</summary>
public sealed class HandleFailuresTests(SnippetStore snippets)
{
    private readonly Outbox _mail = new();
    private volatile bool _isMended;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_that_fail_are_parked_and_replayed_or_dropped()
    {
        _mail.Told = RefuseAllButAda;
        await using var store = await CreateAsync(DeclareParking);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        foreach (var owner in (string[])["Ada", "Bob", "nobody"])
            await OpenAsync(store, owner);

        await daemon.CatchUpAsync(Cancellation);
        (await store.Subscriptions.ListParkedAsync("mailer", Cancellation)).Count.ShouldBe(2);
        _isMended = true;
        await MendAsync(store);

        while (await store.Subscriptions.ListParkedAsync("mailer", Cancellation) is not [])
            await Task.Delay(20, Cancellation);

        _mail.Sent.ShouldBe(["Welcome, Ada", "Welcome, Bob"]);
    }

    [Fact]
    public async Task One_that_stops_says_why_and_goes_on_when_it_is_resumed()
    {
        _mail.Told = RefuseAllButAda;
        await using var store = await CreateAsync(DeclareStopping);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await OpenAsync(store, "Bob");
        var stopped = await Should.ThrowAsync<SubscriptionStoppedException>(daemon.CatchUpAsync(Cancellation));
        stopped.Reason.ShouldContain("The mail server is away.");
        _isMended = true;

        // begin-snippet: stopped
        foreach (SubscriptionStatus status in await store.Subscriptions.StatusAsync())
        {
            if (status is { State: SubscriptionState.Faulted, Failure: { } failure })
                Console.WriteLine($"{status.Name}: {failure}, {failure.Attempts} calls by {failure.Node}");
        }

        await store.Subscriptions.ResumeAsync("mailer");        // once the reason is mended
        // end-snippet

        await daemon.CatchUpAsync(Cancellation);
        _mail.Sent.ShouldBe(["Welcome, Bob"]);
    }

    [Fact]
    public async Task One_is_set_to_where_it_is_to_go_on()
    {
        await using var store = await CreateAsync(DeclareStopping);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await OpenAsync(store, "Ada");
        await daemon.CatchUpAsync(Cancellation);
        var restoredTo = DateTimeOffset.UtcNow.AddHours(-1);

        // begin-snippet: reset
        var position = await store.Subscriptions.PositionAtAsync(restoredTo);        // before the first event that may be another one
        await store.Subscriptions.ResetAsync("mailer", position);
        // end-snippet

        await daemon.CatchUpAsync(Cancellation);
        _mail.Sent.ShouldBe(["Welcome, Ada", "Welcome, Ada"]);
    }

    [Fact]
    public async Task A_consumer_tries_again_and_then_gives_up()
    {
        _mail.Told = RefuseAllButAda;
        await using var store = await CreateAsync(static _ => { });
        await OpenAsync(store, "Bob");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var mailbox = await store.Subscriptions.OpenAsync("mailbox", Cancellation);
        var reading = ReadAsync();

        while (await store.Subscriptions.ListParkedAsync("mailbox", Cancellation) is [])
            await Task.Delay(20, Cancellation);

        var failure = (await store.Subscriptions.ListParkedAsync("mailbox", Cancellation)).ShouldHaveSingleItem().Failure;
        (failure.Kind, failure.Attempts, failure.Message).ShouldBe((FailureKind.ConsumerGaveUp, 5, "The mail server is away."));
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);

        async Task ReadAsync()
        {
            await foreach (var delivery in mailbox.ReadAsync(enough.Token))
                await AnswerAsync(delivery);
        }
    }

    private void DeclareParking(EventStoreOptions options)
    {
        var mailer = new Welcome(_mail);

        // begin-snippet: policy
        options.Subscriptions.Add("mailer", subscription => subscription
            .OnError(retries: 1, then: FailedEvent.Park)
            .HandlerTimeout(TimeSpan.FromSeconds(30))
            .Handle(mailer));
        // end-snippet
    }

    private void DeclareStopping(EventStoreOptions options) => options.Subscriptions.Add(
        "mailer", subscription => subscription.OnError(retries: 0, then: FailedEvent.Stop).Handle(new Welcome(_mail)));

    private static async Task MendAsync(EventStore store)
    {
        // begin-snippet: parked
        foreach (ParkedKey key in await store.Subscriptions.ListParkedAsync("mailer"))
        {
            if (key.Failure.ExceptionType == typeof(FormatException).FullName)
                await store.Subscriptions.DropParkedAsync(key, "Nobody has this address.");
            else
                await store.Subscriptions.ReplayParkedAsync(key);
        }
        // end-snippet
    }

    private async Task AnswerAsync(Delivery delivery)
    {
        // begin-snippet: give-up
        try
        {
            await _mail.SendAsync($"About {delivery.Event.StreamId}", CancellationToken.None);
            await delivery.AckAsync();
        }
        catch (IOException failure)
        {
            await (delivery.Attempt < 5
                ? delivery.RetryAsync(TimeSpan.FromMilliseconds(100 * delivery.Attempt))
                : delivery.ParkAsync(failure.Message));
        }
        // end-snippet
    }

    private void RefuseAllButAda(string text)
    {
        if (text == "Welcome, nobody")
            throw new FormatException("That is no address.");

        if (!_isMended && text != "Welcome, Ada")
            throw new IOException("The mail server is away.");
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

    private static async Task OpenAsync(EventStore store, string owner)
    {
        await using var session = store.OpenSession();
        var account = Guid.NewGuid();
        session.Events.Append(account, new AccountOpened(account, owner, "EUR"));
        await session.SaveChangesAsync(Cancellation);
    }
}
