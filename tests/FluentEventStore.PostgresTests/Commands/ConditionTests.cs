using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Commands;

/// <summary>Executions on a condition, and for a limited time.</summary>
public abstract class ConditionTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly List<StoredVersion> _checked = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_state_that_each_attempt_decides_over_is_checked_before(bool byDecider)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        List<StoredVersion> stored = [await StoredAsync()];
        var decided = 0;
        var options = new ExecutionOptions { Check = _checked.Add, UserName = "ada" };

        await ExecuteAsync(byDecider, options, async () =>
        {
            _checked.Count.ShouldBe(++decided);

            // What is changed meanwhile does not reach the execution.
            options.Check = null;
            if (decided > 1)
                return;

            await bank.AppendAsync(_id, new MoneyDeposited(_id, 5m));
            stored.Add(await StoredAsync());
        });

        decided.ShouldBe(2);
        _checked.ShouldBe(stored);
        _checked.Select(static version => version.Version).ShouldBe([1, 2]);
        (await bank.FetchAsync(_id))[^1].UserName.ShouldBe("ada");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_check_throws_ends_the_execution_and_nothing_is_decided_or_written(bool byDecider)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        var refusal = new StreamVersionConflictException(_id, ExpectedVersion.Exactly(7), 1);
        var options = new ExecutionOptions { Check = _ => throw refusal };
        (await Should.ThrowAsync<StreamVersionConflictException>(
            () => ExecuteAsync(byDecider, options, () => throw new InvalidOperationException("decided")))).ShouldBeSameAs(refusal);

        // As a precondition of a client: it holds until somebody else appends between reading and writing.
        var expected = await StoredAsync();
        options.Check = version =>
        {
            _checked.Add(version);
            if (version != expected)
                throw new NotSupportedException("The account has changed.");
        };
        await Should.ThrowAsync<NotSupportedException>(
            () => ExecuteAsync(byDecider, options, () => bank.AppendAsync(_id, new MoneyDeposited(_id, 5m))));
        _checked.Select(static version => version.Version).ShouldBe([1, 2]);
        (await bank.FetchAsync(_id)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_is_not_there_or_hidden_is_checked_as_none(bool byDecider)
    {
        var options = new ExecutionOptions { Check = _checked.Add };
        await ExecuteAsync(byDecider, options, static () => Task.CompletedTask);
        await using var session = bank.Store.OpenSession();
        session.Events.ArchiveStream(_id);
        await session.SaveChangesAsync(Token);

        await Should.ThrowAsync<StreamArchivedException>(() => ExecuteAsync(byDecider, options, static () => Task.CompletedTask));

        _checked.ShouldBe([default, default]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_with_links_is_checked_at_its_version(bool byDecider)
    {
        var other = $"other-{_id}";
        await bank.AppendAsync(other, new NoteTaken("linked"));
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using var session = bank.Store.OpenSession();
        session.Events.LinkTo(_id, await session.Events.FetchStreamAsync(other, Token));
        await session.SaveChangesAsync(Token);

        await ExecuteAsync(byDecider, new ExecutionOptions { Check = _checked.Add }, static () => Task.CompletedTask);

        _checked.ShouldHaveSingleItem().Version.ShouldBe(2);
        (await StoredAsync()).ShouldBe(_checked[0] with { Version = 3 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_time_to_try_again_the_first_conflict_is_thrown(bool byDecider)
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        var decided = 0;
        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(() => ExecuteAsync(
            byDecider,
            new ExecutionOptions { RetryFor = TimeSpan.Zero },
            () =>
            {
                decided++;
                return bank.AppendAsync(_id, new MoneyDeposited(_id, 5m));
            }));

        (decided, conflict.StreamId, conflict.Actual).ShouldBe((1, _id, 2));

        // Where nobody is faster, it is executed.
        await ExecuteAsync(byDecider, new ExecutionOptions { RetryFor = TimeSpan.Zero }, static () => Task.CompletedTask);
        (await bank.FetchAsync(_id)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decision_is_made_again_for_as_long_as_the_options_say_whatever_a_statement_may(bool isEndless)
    {
        var clock = new FakeTimeProvider();
        await using var store = bank.CreateStore(options => (options.CommandTimeout, options.WaitClock) = (Eventually.HangGuard, clock));
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        var decided = 0;
        var executing = store.ExecuteAsync<Account>(
            _id,
            async (_, _) =>
            {
                if (++decided <= 6)
                    await bank.AppendAsync(_id, new MoneyDeposited(_id, 5m));

                clock.Advance(Eventually.HangGuard);
                return [new MoneyWithdrawn(_id, 1m)];
            },
            new ExecutionOptions { RetryFor = isEndless ? Timeout.InfiniteTimeSpan : Eventually.HangGuard * 3.5 },
            Token);
        await Eventually.BecomesTrueAsync(
            () =>
            {
                // It pauses between two attempts.
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return Task.FromResult(executing.IsCompleted);
            },
            "the decision is given up or made");

        if (isEndless)
            (await executing).Streams[_id].Version.ShouldBe(8);
        else
            await Should.ThrowAsync<StreamVersionConflictException>(() => executing);

        decided.ShouldBe(isEndless ? 7 : 4);
    }

    [Fact]
    public async Task Options_out_of_range_and_sessions_with_conditions_are_refused()
    {
        var options = new ExecutionOptions();
        Should.Throw<ArgumentOutOfRangeException>(() => options.RetryFor = TimeSpan.FromTicks(-1)).ParamName.ShouldBe("RetryFor");
        Should.Throw<ArgumentOutOfRangeException>(() => options.RetryFor = TimeSpan.FromDays(25));
        options.RetryFor.ShouldBeNull();
        options.RetryFor = TimeSpan.FromDays(24);
        Should.Throw<ArgumentException>(() => bank.Store.OpenSession(options)).ParamName.ShouldBe("options");

        await bank.Store.ExecuteAsync<Account>(_id, (_, _) => [new AccountOpened(_id, "Ada", "EUR")], options, Token);
    }

    private Task<Commit> ExecuteAsync(bool byDecider, ExecutionOptions options, Func<Task> meanwhile) => byDecider
        ? bank.Store.ExecuteAsync(new Deciding(meanwhile), _id, new MoneyDeposited(_id, 1m), options, Token)
        : bank.Store.ExecuteAsync<Account>(
            _id,
            async (_, _) =>
            {
                await meanwhile();
                return [new MoneyDeposited(_id, 1m)];
            },
            options,
            Token);

    private async Task<StoredVersion> StoredAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return (await session.Events.FetchStreamStateAsync(_id, Token))!.StoredVersion;
    }

    private sealed class Deciding(Func<Task> meanwhile) : IDecider<int>
    {
        public int Initial => 0;

        public async ValueTask<IEnumerable<object>> DecideAsync(object command, int state, CancellationToken cancellationToken = default)
        {
            await meanwhile();
            return [command];
        }

        public int Evolve(int state, IEvent @event) => state + 1;
    }
}
