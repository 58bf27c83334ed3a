using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Commands;

public abstract class ExecuteTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task A_decision_over_no_aggregate_begins_its_stream()
    {
        var commit = await bank.Store.ExecuteAsync<Account>(
            _id, (account, _) => account is null ? [new AccountOpened(_id, "Ada", "EUR")] : [], TestContext.Current.CancellationToken);

        commit.Streams[_id].Version.ShouldBe(1);
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync(_id, TestContext.Current.CancellationToken))!.AggregateType.ShouldBe("account");
        (await session.Events.FetchLatestAsync<Account>(_id, TestContext.Current.CancellationToken)).ShouldBe(new Account(_id, "Ada", 0m));
    }

    [Fact]
    public async Task A_decision_is_made_again_over_what_somebody_else_appended_meanwhile()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 10m));
        List<decimal> seen = [];
        await bank.Store.ExecuteAsync<Account>(
            _id,
            async (account, _) =>
            {
                seen.Add(account!.Balance);
                if (seen.Count == 1)
                    await bank.AppendAsync(_id, new MoneyDeposited(_id, 5m));

                return [new MoneyWithdrawn(_id, account.Balance)];
            },
            TestContext.Current.CancellationToken);

        seen.ShouldBe([10m, 15m]);
        (await bank.FetchAsync(_id))[^1].Data.ShouldBe(new MoneyWithdrawn(_id, 15m));
    }

    [Fact]
    public async Task A_refusal_is_not_retried()
    {
        var decided = 0;
        await Should.ThrowAsync<InvalidOperationException>(() => bank.Store.ExecuteAsync<Account>(
            _id, (_, _) => ++decided > 0 ? throw new InvalidOperationException("no") : [], TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.ExecuteAsync<Customer>(_id, (_, _) => []));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.ExecuteAsync<Account>(_id, (_, _) => ["no event"]));

        decided.ShouldBe(1);
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task A_decision_whose_outcome_is_unknown_is_written_once(TcpProxy.Break when)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        var decided = 0;
        var commit = await store.ExecuteAsync<Account>(
            _id,
            (_, _) =>
            {
                decided++;
                proxy.BreakNext(when);
                return [new MoneyDeposited(_id, 5m)];
            },
            TestContext.Current.CancellationToken);

        (decided, commit.Streams[_id].Version).ShouldBe((1, 2));
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_outcome_that_cannot_be_asked_for_stays_unknown(bool isCanceled)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options =>
        {
            options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1");

            // For so long it asks.
            options.CommandTimeout = TimeSpan.FromSeconds(5);
        });
        await BankStore.WriteOnceAsync(store);
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        using var cancellation = new CancellationTokenSource();
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => store.ExecuteAsync<Account>(
            _id,
            (_, _) =>
            {
                proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
                proxy.StopAccepting();
                if (isCanceled)
                    _ = CancelWhenTheAnswerIsLostAsync();

                return [new MoneyDeposited(_id, 5m)];
            },
            cancellation.Token));

        (await bank.FetchAsync(_id)).Count.ShouldBe(2);

        async Task CancelWhenTheAnswerIsLostAsync()
        {
            await proxy.Met;
            await cancellation.CancelAsync();
        }
    }
}
