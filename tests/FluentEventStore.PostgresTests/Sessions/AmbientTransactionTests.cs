using System.Transactions;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>
/// An ambient transaction of the caller means nothing to the store. Nothing that the store writes or reads, for the caller or for others,
/// is a part of it.
/// </summary>
public abstract class AmbientTransactionTests(BankStore bank)
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A store whose sessions share one lane.</summary>
    protected abstract EventStore CreateStore();

    [Fact]
    public async Task A_unit_of_a_session_in_no_transaction_is_not_rolled_back_with_that_of_a_stranger()
    {
        await using var store = CreateStore();
        await bank.AppendAsync($"{_id}-a", new NoteTaken("before"));
        await using var hold = await bank.HoldAsync($"{_id}-a");

        Task<Commit> first, second, third;
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            first = SaveAsync(store, $"{_id}-a");
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
            {
                second = SaveAsync(store, $"{_id}-b");
                third = SaveAsync(store, $"{_id}-c");
            }

            await hold.DisposeAsync();
            await Task.WhenAll(first, second, third);
        }

        (await first).Streams[$"{_id}-a"].Version.ShouldBe(2);
        (await bank.FetchAsync($"{_id}-a")).Count.ShouldBe(2);
        (await bank.FetchAsync($"{_id}-b")).Count.ShouldBe(1);
        (await bank.FetchAsync($"{_id}-c")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(TransactionScopeAsyncFlowOption.Enabled)]
    [InlineData(TransactionScopeAsyncFlowOption.Suppress)]
    public async Task What_is_saved_in_a_transaction_that_is_never_completed_is_saved(TransactionScopeAsyncFlowOption flow)
    {
        await using var store = CreateStore();
        var person = Guid.NewGuid();
        Task saving;
        var scope = new TransactionScope(flow);
        try
        {
            saving = SaveAsync(store, _id, new PersonRegistered(person, "Ada", "ada@example.org", null, default, null));
            if (flow == TransactionScopeAsyncFlowOption.Enabled)
                await saving;
        }
        finally
        {
            scope.Dispose();
        }

        await saving;
        await SaveAsync(store, _id, new PersonRegistered(person, "Grace", "grace@example.org", null, default, null));

        // Another store has no key at hand: the stored ones must do.
        await using var other = bank.CreateStore();
        await using var session = other.OpenQuerySession();
        (await session.Events.FetchStreamAsync(_id, cancellationToken: Token))
            .Select(static e => ((PersonRegistered)e.Data).Name)
            .ShouldBe(["Ada", "Grace"]);
    }

    [Fact]
    public async Task The_log_is_read_in_a_transaction_as_outside_it_and_its_followers_go_on()
    {
        await using var store = CreateStore();
        var before = (await SaveAsync(store, $"{_id}-0")).Position - 1;
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        await using var session = store.OpenSession();
        (await session.Events.ReadAllAsync(new LogRange { After = before }, Token).CountAsync(Token)).ShouldBeGreaterThanOrEqualTo(1);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var following = FollowAsync();
        scope.Dispose();
        await SaveAsync(store, $"{_id}-1");
        await SaveAsync(store, $"{_id}-2");
        (await following).ShouldBe(["0", "1", "2"]);

        async Task<List<string>> FollowAsync()
        {
            List<string> seen = [];
            await foreach (var e in store.Log.FollowAsync(new LogStart { After = before }, ended.Token))
            {
                if (e.StreamId.Value.StartsWith(_id.Value, StringComparison.Ordinal))
                    seen.Add(e.StreamId.Value[(_id.Value.Length + 1)..]);

                if (seen.Count == 3)
                    break;
            }

            return seen;
        }
    }

    private static async Task<Commit> SaveAsync(EventStore store, StreamId id, params object[] events)
    {
        await using var session = store.OpenSession();
        session.Events.Append(id, events is [] ? [new NoteTaken("a")] : events);
        return await session.SaveChangesAsync(Token);
    }
}
