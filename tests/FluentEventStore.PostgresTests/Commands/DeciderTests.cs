using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Commands;

public sealed class DeciderTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _guid = Guid.NewGuid();

    private StreamId Id => _guid;

    [Fact]
    public async Task A_command_appends_what_the_decider_decides_over_the_folded_stream()
    {
        (await ExecuteAsync(new TakeCash("Ada", 10m))).Streams[Id].ShouldBe(new StreamCommit(1, 1));
        (await ExecuteAsync(new TakeCash("Ada", 5m))).Streams[Id].Version.ShouldBe(2);
        (await ExecuteAsync(new LockTill("Bob"))).Streams[Id].ShouldBe(new StreamCommit(3, 4));

        (await bank.FetchAsync(Id)).Select(static e => e.Data)
            .ShouldBe([new CashTaken("Ada", 10m), new CashTaken("Ada", 5m), new CashDropped(15m), new TillLocked("Bob")]);
    }

    [Fact]
    public async Task A_command_that_leads_to_nothing_writes_nothing()
    {
        var commit = await ExecuteAsync(new DropCash(1m));

        commit.Position.ShouldBe(0);
        (await bank.FetchAsync(Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_that_is_refused_writes_nothing()
    {
        await ExecuteAsync(new LockTill("Bob"));
        (await Should.ThrowAsync<InvalidOperationException>(() => ExecuteAsync(new TakeCash("Ada", 1m)))).Message.ShouldContain("locked");
        (await Should.ThrowAsync<ArgumentException>(() => ExecuteAsync("lock"))).Message.ShouldContain(
            "TillRules does not decide commands of type System.String: give it a method Decide for them");
        await Should.ThrowAsync<ArgumentNullException>(() => ExecuteAsync(null!));
        (await Should.ThrowAsync<ArgumentException>(() => bank.Store.ExecuteAsync(TillRules.Decider, default, new DropCash(0m)))).Message
            .ShouldContain("default(StreamId)");

        (await bank.FetchAsync(Id)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_command_is_decided_again_over_what_somebody_else_appended_meanwhile()
    {
        await ExecuteAsync(new TakeCash("Ada", 10m));
        var interrupted = new Interrupted(() => bank.AppendAsync(Id, new CashTaken("Bob", 7m)), times: 1);
        await bank.Store.ExecuteAsync(interrupted, Id, new DropCash(1m), TestContext.Current.CancellationToken);

        interrupted.Decided.ShouldBe(2);
        (await bank.FetchAsync(Id)).Select(static e => e.Data).ShouldBe(
            [new CashTaken("Ada", 10m), new CashTaken("Bob", 7m), new CashDropped(17m)]);
    }

    [Fact]
    public async Task A_command_that_always_comes_too_late_is_given_up_after_some_time()
    {
        var clock = new FakeTimeProvider();
        await using var store = bank.CreateStore(
            options => (options.CommandTimeout, options.WaitClock) = (Eventually.HangGuard, clock));
        var interrupted = new Interrupted(
            async () =>
            {
                await bank.AppendAsync(Id, new CashTaken("Bob", 1m));
                clock.Advance(Eventually.HangGuard / 3);
            },
            times: int.MaxValue);
        var executing = store.ExecuteAsync(interrupted, Id, new DropCash(0m), TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                // It pauses between two attempts.
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return Task.FromResult(executing.IsCompleted);
            },
            "the command is given up");
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => executing);

        interrupted.Decided.ShouldBeInRange(2, 3);
        (conflict.StreamId, conflict.Actual).ShouldBe((Id, interrupted.Decided));
        (await bank.FetchAsync(Id)).Count.ShouldBe(interrupted.Decided);
    }

    [Fact]
    public async Task Many_commands_at_once_are_all_decided_over_the_state_that_they_find()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExecuteAsync(new TakeCash("Ada", 1m))));
        await ExecuteAsync(new LockTill("Bob"));

        (await bank.FetchAsync(Id))[^2].Data.ShouldBe(new CashDropped(8m));
    }

    [Fact]
    public async Task A_command_is_executed_for_the_tenant_of_its_options()
    {
        await ExecuteAsync(new TakeCash("Ada", 1m));
        var commit = await bank.Store.ExecuteAsync(
            TillRules.Decider, Id, new LockTill("Bob"), new SessionOptions { TenantId = "other" }, TestContext.Current.CancellationToken);

        commit.Streams[Id].ShouldBe(new StreamCommit(1, 2));
        (await bank.FetchAsync(Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_a_decider_over_an_aggregate_begins_is_of_that_aggregate()
    {
        await bank.Store.ExecuteAsync(new Opening(), Id, new AccountOpened(_guid, "Ada", "EUR"), TestContext.Current.CancellationToken);
        await using var session = bank.Store.OpenQuerySession();
        (await session.Events.FetchStreamStateAsync(Id, TestContext.Current.CancellationToken))!.AggregateType.ShouldBe("account");
    }

    [Fact]
    public async Task A_decision_that_is_a_null_sequence_decides_nothing()
    {
        (await bank.Store.ExecuteAsync(new Opening(), Id, "nothing", TestContext.Current.CancellationToken)).Position.ShouldBe(0);
        (await bank.FetchAsync(Id)).ShouldBeEmpty();
    }

    private Task<Commit> ExecuteAsync(object command) =>
        bank.Store.ExecuteAsync(TillRules.Decider, Id, command, TestContext.Current.CancellationToken);

    /// <summary>A decider by hand, over an aggregate.</summary>
    private sealed class Opening : IDecider<Account?>
    {
        public Account? Initial => null;

        public ValueTask<IEnumerable<object>> DecideAsync(object command, Account? state, CancellationToken cancellationToken = default) =>
            command is AccountOpened opened ? new([opened]) : default;

        public Account? Evolve(Account? state, IEvent e) => state;
    }

    /// <summary>The rules of a till, while somebody else is faster.</summary>
    private sealed class Interrupted(Func<Task> interrupt, int times) : IDecider<TillRules.State>
    {
        public int Decided { get; private set; }

        public TillRules.State Initial => TillRules.Initial;

        public async ValueTask<IEnumerable<object>> DecideAsync(
            object command, TillRules.State state, CancellationToken cancellationToken = default)
        {
            if (Decided++ < times)
                await interrupt();

            return await TillRules.Decider.DecideAsync(command, state, cancellationToken);
        }

        public TillRules.State Evolve(TillRules.State state, IEvent e) => TillRules.Decider.Evolve(state, e);
    }
}
