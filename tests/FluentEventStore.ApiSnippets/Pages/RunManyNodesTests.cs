using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/run-many-nodes.md.</summary>
public sealed class RunManyNodesTests(SnippetStore snippets)
{
    private readonly Outbox _mail = new();
    private readonly string _schema = SnippetStore.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_nodes_share_the_ranges_and_one_takes_over_what_another_leaves()
    {
        await using var first = await CreateAsync(DeclareMailer);
        await using var second = await CreateAsync(DeclareMailer);
        var one = await StartAsync(first);
        await using var other = await StartAsync(second);
        await WaitUntilAsync(first, static status => Owned(status) == (4, 4));

        await one.DisposeAsync();
        await WaitUntilAsync(second, static status => status.Ranges.All(static range => range.Owner is not null));
        await LookAsync(second);
        await OpenAsync(second);
        await other.CatchUpAsync(Cancellation);

        _mail.Sent.ShouldBe(["Welcome, Ada"]);

        static (int, int) Owned(SubscriptionStatus status) =>
            (status.Ranges.Count, status.Ranges.Count(static range => range.Owner is not null));
    }

    [Fact]
    public async Task Ranges_are_split_and_merged_and_get_another_partition_while_they_are_carried()
    {
        await using var store = await CreateAsync(DeclareMailer);
        await using var daemon = await StartAsync(store);
        await OpenAsync(store);
        await daemon.CatchUpAsync(Cancellation);

        // begin-snippet: ranges
        await store.Subscriptions.SplitAsync("mailer", ranges: 16);
        await store.Subscriptions.MergeAsync("mailer", ranges: 4);
        // end-snippet

        (await store.Subscriptions.StatusAsync(Cancellation)).Single().Ranges.Count.ShouldBe(4);

        // begin-snippet: repartition
        await store.Subscriptions.RepartitionAsync("mailer", "owner");
        // end-snippet

        await using var next = await CreateAsync(DeclareNext);
        await using var newer = await StartAsync(next);
        await newer.CatchUpAsync(Cancellation);
        await using var session = next.OpenSession();
        session.Events.Append("account-7", new AccountClosed(Guid.Empty));
        await session.SaveChangesAsync(Cancellation);
        await newer.CatchUpAsync(Cancellation);

        _mail.Sent.ShouldBe(["Welcome, Ada", "account-closed"]);
        (await next.Subscriptions.StatusAsync(Cancellation)).Single().Version.ShouldBe(2);
    }

    [Fact]
    public async Task One_tenant_is_paused_and_then_handled_again_while_others_go_on()
    {
        await using var store = await CreateAsync(DeclareMailer);
        await using var daemon = await StartAsync(store);
        await OpenAsync(store, "north");
        await daemon.CatchUpAsync(Cancellation);

        // begin-snippet: one-tenant
        await store.Subscriptions.PauseAsync("mailer", "north");
        await store.Subscriptions.ResumeAsync("mailer", "north");
        await store.Subscriptions.RewindAsync("mailer", "north", position: 0);
        // end-snippet

        await OpenAsync(store);
        await daemon.CatchUpAsync(Cancellation);
        _mail.Sent.ShouldBe(["Welcome, Ada", "Welcome, Ada", "Welcome, Ada"]);
    }

    [Fact]
    public async Task Tenants_share_a_subscription()
    {
        await using var store = await CreateAsync(DeclareShared);
        await OpenAsync(store, "north");
        await OpenAsync(store);
        await using var daemon = await StartAsync(store);
        await daemon.CatchUpAsync(Cancellation);
        _mail.Sent.ShouldBe(["Welcome, Ada", "Welcome, Ada"]);
    }

    [Fact]
    public async Task What_is_written_elsewhere_carries_the_token()
    {
        List<long> tokens = [];
        await using var store = await CreateAsync(options => DeclareFenced(options, (_, token) =>
        {
            tokens.Add(token);
            return Task.CompletedTask;
        }));
        await using var daemon = await StartAsync(store);
        await OpenAsync(store);
        await daemon.CatchUpAsync(Cancellation);

        tokens.ShouldHaveSingleItem().ShouldBe((await store.Subscriptions.StatusAsync(Cancellation)).Single().Ranges.Single().Epoch);
    }

    private static async Task<IDaemon> StartAsync(EventStore store)
    {
        // begin-snippet: mode
        var daemon = store.BuildDaemon(DaemonMode.HotCold);     // in a host: AddFluentEventStore(…).AddDaemon()
        await daemon.StartAsync();
        // end-snippet

        return daemon;
    }

    private void DeclareMailer(EventStoreOptions options)
    {
        var mailer = new Welcome(_mail);

        // begin-snippet: declare
        options.Subscriptions.Lease = TimeSpan.FromSeconds(5);
        options.Subscriptions.Writers = 4;
        options.Subscriptions.Add("mailer", subscription => subscription.PartitionByStream(concurrency: 4).Handle(mailer));
        // end-snippet
    }

    private void DeclareShared(EventStoreOptions options)
    {
        var mailer = new Welcome(_mail);

        // begin-snippet: fair-share
        options.Subscriptions.Add("mailer", subscription => subscription.ShareFairly().Handle(mailer));
        // end-snippet
    }

    private void DeclareNext(EventStoreOptions options)
    {
        var byOwner = Partition.By("owner", static e => e.UserName);
        var mail = _mail;

        // begin-snippet: version
        options.Subscriptions.Add("mailer", subscription => subscription
            .Version(2)
            .PartitionBy(byOwner)
            .ForEvents<AccountOpened, AccountClosed>()
            .Handle((e, context) => mail.SendAsync(e.TypeName, context.CancellationToken)));
        // end-snippet
    }

    private static void DeclareFenced(EventStoreOptions options, Func<Guid, long, Task> writeAsync)
    {
        // begin-snippet: token
        options.Subscriptions.Add("ledger", subscription => subscription
            .ForEvents<AccountOpened>()
            .Handle((e, context) => writeAsync(e.Id, context.FencingToken)));
        // end-snippet
    }

    private static async Task LookAsync(EventStore store)
    {
        // begin-snippet: owners
        foreach (SubscriptionStatus status in await store.Subscriptions.StatusAsync())
        {
            foreach (SubscriptionRangeStatus range in status.Ranges)
                Console.WriteLine($"{status.Name} {range.FirstSlice}-{range.LastSlice}: {range.Owner ?? "nobody"}, epoch {range.Epoch}");
        }
        // end-snippet
    }

    private static async Task WaitUntilAsync(EventStore store, Func<SubscriptionStatus, bool> isThere)
    {
        while (!isThere((await store.Subscriptions.StatusAsync(Cancellation)).Single()))
            await Task.Delay(20, Cancellation);
    }

    private async Task<EventStore> CreateAsync(Action<EventStoreOptions> declare)
    {
        var store = EventStore.For(options =>
        {
            options.Connection(snippets.ConnectionString);
            options.Schema = _schema;
            declare(options);
        });
        await store.Schema.ApplyAsync(Cancellation);
        return store;
    }

    private static async Task OpenAsync(EventStore store, string tenantId = "default")
    {
        await using var session = store.OpenSession(tenantId);
        var account = Guid.NewGuid();
        session.Events.Append(account, new AccountOpened(account, "Ada", "EUR"));
        await session.SaveChangesAsync(Cancellation);
    }
}
