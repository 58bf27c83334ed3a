using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/subscribe.md.</summary>
public sealed class SubscribeTests(SnippetStore snippets)
{
    private readonly Outbox _mail = new();
    private readonly Guid _account = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_declared_is_handed_to_its_handler()
    {
        var (connectionString, schema, mail) = (snippets.ConnectionString, SnippetStore.NewSchema(), _mail);

        // begin-snippet: declare
        await using var store = EventStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema = schema;
            options.Subscriptions.Add("mailer", subscription => subscription
                .ForEvents<AccountOpened, AccountClosed>()
                .PartitionByStream(concurrency: 4)
                .Handle(async (e, context) => await mail.SendAsync($"{e.TypeName} {e.StreamId}", context.CancellationToken)));
        });
        await store.Schema.ApplyAsync();
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        // end-snippet

        await OpenAsync(store);
        await daemon.CatchUpAsync(Cancellation);

        _mail.Sent.ShouldBe([$"account-opened {_account}"]);
    }

    [Fact]
    public async Task Each_handler_gets_what_it_asks_for_and_writes_what_it_handles_once()
    {
        await using var store = await CreateAsync(Declare);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await OpenAsync(store);
        await using (var session = store.OpenSession("north"))
        {
            session.Events.Append($"account-{_account}", new AccountClosed(_account));
            await session.SaveChangesAsync(Cancellation);
        }

        await daemon.CatchUpAsync(Cancellation);
        await LookAsync(store);

        await using var reading = store.OpenQuerySession();
        (await reading.LoadAsync<Customer>(_account, Cancellation)).ShouldNotBeNull().Name.ShouldBe("Ada");
        _mail.Sent.ShouldBe(["Welcome, Ada", $"account-closed account-{_account}", "1 events of 1 accounts"], ignoreOrder: true);
        (await store.Subscriptions.StatusAsync(Cancellation)).Select(static one => (one.Name, one.Lag)).ShouldBe(
            [("customers", 0), ("north", 0), ("statistics", 0), ("welcome", 0)]);
    }

    [Fact]
    public async Task Somebody_waits_for_it_and_it_is_paused_and_moved()
    {
        await using var store = await CreateAsync(Declare);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Cancellation);
        await using var session = store.OpenSession();

        // begin-snippet: wait
        session.Events.Append("account-7", new MoneyWithdrawn(Guid.Empty, 10m));
        var commit = await session.SaveChangesAsync();
        await store.WaitForAsync(commit, "statistics", TimeSpan.FromSeconds(30));
        // end-snippet

        _mail.Sent.ShouldBe(["1 events of 1 accounts"]);
        var yesterday = DateTimeOffset.UtcNow.AddDays(-1);

        // begin-snippet: control
        await store.Subscriptions.PauseAsync("statistics");
        await store.Subscriptions.RewindAsync("statistics", await store.Subscriptions.PositionAtAsync(yesterday));
        await store.Subscriptions.ResumeAsync("statistics");
        // end-snippet

        await daemon.CatchUpAsync(Cancellation);
        _mail.Sent.ShouldBe(["1 events of 1 accounts", "1 events of 1 accounts"]);
    }

    [Fact]
    public async Task An_application_takes_events_itself_and_answers_them()
    {
        await using var store = await CreateAsync(static (_, _) => { });
        await OpenAsync(store);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var mail = new Outbox { Told = _ => enough.Cancel() };

        await Should.ThrowAsync<OperationCanceledException>(PullAsync(store, mail, enough.Token));

        mail.Sent.ShouldBe(["Welcome, Ada"]);
        (await store.Subscriptions.StatusAsync(Cancellation)).ShouldHaveSingleItem().Ranges.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_transient_one_stores_nothing_and_tells_what_comes()
    {
        await using var store = await CreateAsync(static (_, _) => { });
        await OpenAsync(store);

        // begin-snippet: transient
        var live = new SubscriptionOptions { IsTransient = true, Start = SubscriptionStart.Present };
        await using ISubscription screen = await store.Subscriptions.OpenAsync("screen", live);
        // end-snippet

        await using var deliveries = screen.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var next = deliveries.MoveNextAsync();
        var account = await OpenAsync(store, Guid.NewGuid());
        (await next).ShouldBeTrue();
        deliveries.Current.Event.StreamId.ShouldBe((StreamId)account);
        (await store.Subscriptions.StatusAsync(Cancellation)).ShouldBeEmpty();
    }

    private static void Declare(EventStoreOptions options, IMail mail)
    {
        // begin-snippet: which
        options.Subscriptions.Add("north", subscription => subscription
            .FromPresent()
            .Filter(filter => filter.OfTenants("north"))
            .Where(e => e.StreamId.Value.StartsWith("account-", StringComparison.Ordinal))
            .Handle((e, context) => mail.SendAsync($"{e.TypeName} {e.StreamId}", context.CancellationToken)));
        // end-snippet

        // begin-snippet: handler
        options.Subscriptions.Add("welcome", subscription => subscription.Handle(new Welcome(mail)));
        // end-snippet

        // begin-snippet: once
        options.Subscriptions.Add("customers", subscription => subscription.Handle((e, context) =>
        {
            if (e is IEvent<AccountOpened> { Data: var opened })
                context.Session.Store(new Customer { Id = opened.AccountId, Name = opened.Owner });

            return Task.CompletedTask;
        }));
        // end-snippet

        // begin-snippet: pages
        options.Subscriptions.Add("statistics", subscription => subscription
            .ForEvents<MoneyDeposited, MoneyWithdrawn>()
            .PartitionBy(Partition.ByTenant)
            .HandlePages((events, context) =>
            {
                var accounts = events.DistinctBy(e => e.StreamId).Count();
                return mail.SendAsync($"{events.Count} events of {accounts} accounts", context.CancellationToken);
            }));
        // end-snippet
    }

    private static async Task LookAsync(EventStore store)
    {
        // begin-snippet: look
        foreach (SubscriptionStatus status in await store.Subscriptions.StatusAsync())
            Console.WriteLine($"{status.Name}: {status.State} at {status.Position}, {status.Lag} positions behind");
        // end-snippet
    }

    private static async Task PullAsync(EventStore store, Outbox mail, CancellationToken cancellationToken)
    {
        // begin-snippet: pull
        var options = new SubscriptionOptions { Filter = new EventFilter().OfType<AccountOpened>(), BufferSize = 100, Concurrency = 4 };
        await using ISubscription mailbox = await store.Subscriptions.OpenAsync("mailbox", options, cancellationToken);
        await foreach (Delivery delivery in mailbox.ReadAsync(cancellationToken))
        {
            try
            {
                var opened = (AccountOpened)delivery.Event.Data;
                await mail.SendAsync($"Welcome, {opened.Owner}", cancellationToken);
                await delivery.AckAsync(cancellationToken);     // or RetryAsync(after), SkipAsync(reason), ParkAsync(reason)
            }
            catch (FencedException)
            {
                // The event is another process's by now, or comes again.
            }
        }
        // end-snippet
    }

    private async Task<EventStore> CreateAsync(Action<EventStoreOptions, IMail> declare)
    {
        var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = SnippetStore.NewSchema();
            declare(options, _mail);
        });
        await store.Schema.ApplyAsync(Cancellation);
        return store;
    }

    private Task<Guid> OpenAsync(EventStore store) => OpenAsync(store, _account);

    private static async Task<Guid> OpenAsync(EventStore store, Guid account)
    {
        await using var session = store.OpenSession();
        session.Events.Append(account, new AccountOpened(account, "Ada", "EUR"), new MoneyWithdrawn(account, 5m));
        await session.SaveChangesAsync(Cancellation);
        return account;
    }
}

[EventHandler]
internal sealed partial class Welcome(IMail mail)
{
    private Task Handle(AccountOpened e, CancellationToken cancellationToken) => mail.SendAsync($"Welcome, {e.Owner}", cancellationToken);
}
