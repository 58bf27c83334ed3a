using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>The rules hold for aggregates that are folded live and for those that are kept as snapshots.</summary>
public abstract class FetchForWritingTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_new_stream_has_no_aggregate_and_can_be_appended_to()
    {
        await using var session = bank.Store.OpenSession();
        var stream = await FetchAsync(session);
        stream.Aggregate.ShouldBeNull();
        stream.Version.ShouldBe(0);
        stream.StreamId.ShouldBe(_id);

        stream.Append(new AccountOpened(_id, "Ada", "EUR"));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].Version.ShouldBe(1);
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken))!.AggregateType.ShouldBe("account");
    }

    [Fact]
    public async Task A_decision_on_the_current_state_is_saved()
    {
        await GivenAccountAsync();
        await using var session = bank.Store.OpenSession();
        var stream = await FetchAsync(session);
        stream.Aggregate.ShouldBe(new Account(_id, "Ada", 100m));
        stream.Version.ShouldBe(2);

        stream.Append(new MoneyWithdrawn(_id, 30));
        stream.Append([new MoneyWithdrawn(_id, 20)]);
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Streams[_id].ShouldBe(new StreamCommit(3, 4));

        (await session.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken))!.Balance.ShouldBe(50m);
        (await session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: TestContext.Current.CancellationToken))!.Balance
            .ShouldBe(50m);
    }

    [Fact]
    public async Task A_change_by_others_after_the_fetch_is_a_conflict_and_nothing_is_written()
    {
        await GivenAccountAsync();
        await using var session = bank.Store.OpenSession();
        var stream = await FetchAsync(session);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));

        stream.Append(new MoneyWithdrawn(_id, 100));
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync());

        conflict.Expected.ShouldBe(ExpectedVersion.Exactly(2));
        conflict.Actual.ShouldBe(3);
        (await session.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken))!.Balance.ShouldBe(101m);
    }

    [Fact]
    public async Task A_stale_expected_version_fails_at_once()
    {
        await GivenAccountAsync();
        await using var session = bank.Store.OpenSession();
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(
            () => session.Events.FetchForWritingAsync<Account>(_id, ExpectedVersion.Exactly(1)));
        conflict.Actual.ShouldBe(2);
        (await session.Events.FetchForWritingAsync<Account>(_id, ExpectedVersion.Exactly(2), TestContext.Current.CancellationToken)).Version
            .ShouldBe(2);
    }

    [Fact]
    public async Task A_fetch_without_an_append_does_not_block_other_work_of_the_session()
    {
        await GivenAccountAsync();
        await using var session = bank.Store.OpenSession();
        await FetchAsync(session);
        await bank.AppendAsync(_id, new MoneyDeposited(_id, 1));

        session.Events.Append($"other-{_id}", new NoteTaken("a"));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_conflicting_decision_saved_again_with_its_ids_after_success_returns_the_first_commit()
    {
        await GivenAccountAsync();
        var eventId = Guid.NewGuid();
        await using var first = bank.Store.OpenSession();
        await using var second = bank.Store.OpenSession();
        var one = await FetchAsync(first);
        var two = await FetchAsync(second);
        one.Append(new MoneyWithdrawn(_id, 10)).WithEventId(eventId);
        two.Append(new MoneyWithdrawn(_id, 10)).WithEventId(eventId);

        var commit = await first.SaveChangesAsync(TestContext.Current.CancellationToken);
        (await second.SaveChangesAsync(TestContext.Current.CancellationToken)).Position.ShouldBe(commit.Position);
        (await second.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken))!.Balance.ShouldBe(90m);
    }

    private async Task GivenAccountAsync()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.StartStream<Account>(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 100));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private Task<IEventStream<Account>> FetchAsync(IDocumentSession session) =>
        session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: TestContext.Current.CancellationToken);
}
