using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

public sealed class AsyncSnapshotTests(AsyncSnapshotStore bank) : IClassFixture<AsyncSnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_daemon_keeps_the_snapshot_and_reading_gives_the_latest_without_it()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
        (await bank.RowAsync(_id)).ShouldBeNull();
        await bank.ShouldAgreeAsync(bank.Store, _id);

        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);
        (await bank.RowAsync(_id)).ShouldBe("Ada");

        var commit = await bank.AppendAsync(_id, new MoneyWithdrawn(_id, 30));
        await bank.ShouldAgreeAsync(bank.Store, _id);
        await bank.Store.WaitForAsync(commit, TimeSpan.FromSeconds(20), Cancelled);
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_account where id = '{_id}'")).ShouldBe(3L);
        await bank.ShouldAgreeAsync(bank.Store, _id);
    }

    [Fact]
    public async Task Times_of_a_row_are_those_of_its_events()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));
        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);

        var events = await bank.FetchAsync(_id);
        (await bank.ExecuteAsync($"select created_at from {{schema}}.doc_account where id = '{_id}'"))
            .ShouldBe(events[0].Timestamp.UtcDateTime);
        (await bank.ExecuteAsync($"select modified_at from {{schema}}.doc_account where id = '{_id}'"))
            .ShouldBe(events[1].Timestamp.UtcDateTime);
    }

    [Fact]
    public async Task A_deleted_snapshot_leaves_a_row_that_nobody_loads()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new AccountClosed(_id));
        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);

        (await bank.RowAsync(_id)).ShouldBeNull();
        (await bank.ExecuteAsync($"select deleted_at is not null from {{schema}}.doc_account_v1 where id = '{_id}'")).ShouldBe(true);
        await bank.ShouldAgreeAsync(bank.Store, _id);
    }

    [Fact]
    public async Task A_unit_that_changes_the_past_of_a_stream_folds_it_anew()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 1), new MoneyDeposited(_id, 2));
        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);
        await using var session = bank.Store.OpenSession();
        session.Events.CompactStream(_id, 2, new AccountOpened(_id, "Grace", "EUR"));
        await session.SaveChangesAsync(Cancelled);

        (await bank.RowAsync(_id)).ShouldBe("Grace");
        await bank.ShouldAgreeAsync(bank.Store, _id);
    }

    [Fact]
    public async Task Snapshots_of_hidden_streams_are_gone_and_come_back_with_them()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);
        await ChangeAsync(events => events.ArchiveStream(_id));
        (await bank.RowAsync(_id)).ShouldBeNull();

        await ChangeAsync(events => events.UnarchiveStream(_id));
        (await bank.RowAsync(_id)).ShouldBe("Ada");
    }

    [Fact]
    public async Task A_lost_row_is_folded_from_the_whole_stream_by_the_next_event()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 1));
        await using var daemon = await SubscriptionStore.CatchUpAsync(bank.Store, DaemonMode.HotCold);
        await bank.ExecuteAsync($"delete from {{schema}}.doc_account_v1 where id = '{_id}'");
        await bank.ShouldAgreeAsync(bank.Store, _id);

        var commit = await bank.AppendAsync(_id, new MoneyDeposited(_id, 2));
        await bank.Store.WaitForAsync(commit, TimeSpan.FromSeconds(20), Cancelled);
        (await bank.ExecuteAsync($"select data ->> 'balance' from {{schema}}.doc_account where id = '{_id}'")).ShouldBe("3");
    }

    [Fact]
    public void Names_and_documents_are_taken_once()
    {
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.Connection("Host=nowhere");
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Async);
            options.Subscriptions.Add("account", static subscription => subscription.Handle(static (_, _) => Task.CompletedTask));
        })).Message.ShouldContain("both named 'account'");
        Should.Throw<ArgumentException>(() => EventStore.For(options =>
        {
            options.Connection("Host=nowhere");
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Async);
            options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        })).Message.ShouldContain("both write Account");
    }

    [Fact]
    public void A_snapshot_is_not_switched_by_command() => Should.Throw<ArgumentException>(() => EventStore.For(static options =>
    {
        options.Connection("Host=nowhere");
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Async, static account => account.SwitchByCommand());
    })).Message.ShouldContain("it is not switched");

    private async Task ChangeAsync(Action<IEventOperations> change)
    {
        await using var session = bank.Store.OpenSession();
        change(session.Events);
        await session.SaveChangesAsync(Cancelled);
    }
}
