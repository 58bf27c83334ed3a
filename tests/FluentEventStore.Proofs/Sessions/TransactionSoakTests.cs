using System.Collections.Concurrent;
using System.Transactions;
using Npgsql;

namespace FluentEventStore.Proofs.Sessions;

/// <summary>
/// Writers share a store with readers and followers; its data source enlists its connections by itself. They write in no transaction, in
/// ambient ones that are completed, rolled back or run out of time, and in given ones that are committed or rolled back.
/// </summary>
public sealed class TransactionSoakTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int PlainWriters = 16;
    private const int ScopedWriters = 8;
    private const int JoinedWriters = 4;
    private const int Followers = 3;

    private readonly ConcurrentDictionary<string, long> _committed = [];
    private readonly ConcurrentDictionary<string, bool> _rolledBack = [];
    private readonly ConcurrentQueue<Exception> _failures = [];

    private int _completedScopes;

    private static TimeSpan Duration => TimeSpan.FromSeconds(LongForm.Of(20, 300));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_commit_is_there_and_nothing_else_is()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await bank.ExecuteAsync("create table {schema}.rows_of_callers (id text)");
        await using var dataSource = NpgsqlDataSource.Create(bank.ConnectionString + ";Maximum Pool Size=60");
        await using var store = bank.CreateStore(options => options.DataSource(dataSource));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ending = EndAsync(ended);
        using var followed = CancellationTokenSource.CreateLinkedTokenSource(Token);

        List<Task> writing =
        [
            .. Enumerable.Range(0, PlainWriters).Select(
                writer => RepeatAsync($"plain-{writer}", seed, (id, _) => SaveAsync(store, id), ended.Token)),
            .. Enumerable.Range(0, ScopedWriters).Select(
                writer => RepeatAsync($"scoped-{writer}", seed, (id, random) => SaveInScopeAsync(store, id, random), ended.Token)),
            .. Enumerable.Range(0, JoinedWriters).Select(
                writer => RepeatAsync(
                    $"joined-{writer}", seed, (id, random) => SaveJoinedAsync(store, dataSource, id, random), ended.Token)),
            .. Enumerable.Range(0, 2).Select(
                reader => RepeatAsync($"reader-{reader}", seed, (_, random) => ReadAsync(store, random), ended.Token)),
        ];
        var following = Enumerable.Range(0, Followers)
            .Select(follower => FollowAsync(store, isScoped: follower == 0, followed.Token))
            .ToList();
        await Task.WhenAll(writing);
        await ending;
        await bank.AppendAsync("end", new NoteTaken("end"));
        var seen = await Task.WhenAll(following).WaitAsync(Eventually.HangGuard, Token);

        _failures.ShouldBeEmpty();
        _committed.Count.ShouldBeGreaterThan(100);
        await using var session = bank.Store.OpenQuerySession();
        var log = await session.Events.ReadAllAsync(cancellationToken: Token).Where(static e => e.StreamId != "end").ToListAsync(Token);
        log.Select(static e => ((NoteTaken)e.Data).Text).Order().ShouldBe(_committed.Keys.Order());
        log.ShouldAllBe(e => _committed[((NoteTaken)e.Data).Text] == e.Position);
        foreach (var one in seen)
            one.ShouldBe(log.Select(static e => e.Position));
        (await bank.ExecuteAsync("select count(*) from {schema}.rows_of_callers where id like 'never %'")).ShouldBe(0L);
        (await bank.ExecuteAsync("select count(*) from {schema}.rows_of_callers where id like 'completed %'")).ShouldBe(
            (long)_completedScopes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_committed.Count} committed, {_rolledBack.Count} rolled back by callers");
    }

    /// <summary>Ends the writing after its time, and not before there is something to compare, however slow the machine is.</summary>
    private async Task EndAsync(CancellationTokenSource ended)
    {
        try
        {
            await Task.Delay(Duration, Token);
            await Eventually.BecomesTrueAsync(
                () => Task.FromResult(_committed.Count > 100 || !_failures.IsEmpty), "sessions save");
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task RepeatAsync(string name, int seed, Func<string, Random, Task> work, CancellationToken cancellationToken)
    {
        var random = new Random(seed ^ string.GetHashCode(name, StringComparison.Ordinal));
        await Task.Yield();
        for (var round = 0; !cancellationToken.IsCancellationRequested; round++)
        {
            try
            {
                await work($"{name}-{round}", random);
            }
            catch (Exception failure)
            {
                _failures.Enqueue(failure);
                return;
            }
        }
    }

    private async Task SaveAsync(EventStore store, string id, int stream = -1)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"stream-{(stream < 0 ? id.GetHashCode(StringComparison.Ordinal) & 15 : stream)}", new NoteTaken(id));
        _committed[id] = (await session.SaveChangesAsync(Token)).Position;
    }

    /// <summary>What the store saves is saved; what the caller writes on a connection of its own is a part of the scope.</summary>
    private async Task SaveInScopeAsync(EventStore store, string id, Random random)
    {
        var end = random.Next(3);
        var scope = new TransactionScope(
            TransactionScopeOption.Required,
            end == 2 ? TimeSpan.FromMilliseconds(30) : Eventually.HangGuard,
            TransactionScopeAsyncFlowOption.Enabled);
        try
        {
            // Whether the driver still takes a connection into a scope that has run out of time is none of the store's business.
            await InsertAsync($"{(end switch { 0 => "completed", 1 => "never", _ => "late" })} {id}", mayFail: end == 2);
            await SaveAsync(store, id);
            if (end == 2)
                await Task.Delay(40, Token);
            if (end == 0)
                scope.Complete();
        }
        finally
        {
            scope.Dispose();
        }

        if (end == 0)
            Interlocked.Increment(ref _completedScopes);
    }

    private async Task InsertAsync(string row, bool mayFail)
    {
        try
        {
            await using var connection = new NpgsqlConnection(bank.ConnectionString + ";Enlist=true");
            await connection.OpenAsync(Token);
            await using var insert = new NpgsqlCommand($"insert into {bank.Schema}.rows_of_callers values ('{row}')", connection);
            await insert.ExecuteNonQueryAsync(Token);
        }
        catch (Exception) when (mayFail)
        {
            // The scope ran out of time under it.
        }
    }

    private async Task SaveJoinedAsync(EventStore store, NpgsqlDataSource dataSource, string id, Random random)
    {
        await using var connection = await dataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var session = store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append($"stream-{random.Next(16)}", new NoteTaken(id));
        var position = (await session.SaveChangesAsync(Token)).Position;
        if (random.Next(2) == 0)
        {
            await transaction.CommitAsync(Token);
            _committed[id] = position;
        }
        else
        {
            await transaction.RollbackAsync(Token);
            _rolledBack[id] = true;
        }
    }

    private static async Task ReadAsync(EventStore store, Random random)
    {
        using var scope = random.Next(2) == 0 ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
        await using var session = store.OpenQuerySession();
        await session.Events.FetchStreamAsync($"stream-{random.Next(16)}", cancellationToken: Token);
        await session.Events.ReadAllAsync(new LogRange { MaxCount = 50, Backwards = true }, Token).CountAsync(Token);
    }

    private static async Task<List<long>> FollowAsync(EventStore store, bool isScoped, CancellationToken cancellationToken)
    {
        await Task.Yield();
        List<long> positions = [];

        // Whoever begins to follow may be in a transaction that ends long before.
        var scope = isScoped ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
        var events = store.Log.FollowAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events)
        {
            while (await events.MoveNextAsync())
            {
                scope?.Dispose();
                scope = null;
                if (events.Current.StreamId == "end")
                    return positions;

                positions.Add(events.Current.Position);
            }
        }

        return positions;
    }
}
