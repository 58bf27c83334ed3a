using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Transactions stay open while events are appended.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 holds them for a minute.</remarks>
public sealed class OpenTransactionTests(PostgresServer server)
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(LongForm.Of(10, 60));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly ConcurrentQueue<IEvent> _handled = new();

    [Fact]
    public async Task Transactions_that_do_not_append_here_stall_nobody_in_this_or_in_another_database_of_the_cluster()
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var neighbour = new BankStore(server);
        await neighbour.InitializeAsync();
        var other = $"other_{Guid.NewGuid():N}";
        await bank.ExecuteAsync($"create database {other}");
        var elsewhere = new NpgsqlConnectionStringBuilder(bank.ConnectionString) { Database = other, Pooling = false }.ConnectionString;
        try
        {
            await using var distant = EventStore.For(options => options.Connection(elsewhere).Schema = bank.Schema);
            await distant.Schema.ApplyAsync(Token);

            // One that only has an id of its own and an old snapshot, and units of stores here and elsewhere that are not committed.
            await using var idle = await BeginAsync(bank.ConnectionString);
            await using var held = new NpgsqlCommand("create temporary table t (a integer) on commit drop", idle.Connection, idle);
            await held.ExecuteNonQueryAsync(Token);
            await using var beside = await BeginAsync(bank.ConnectionString);
            await AppendAsync(neighbour.Store, beside, "a", 1);
            await using var away = await BeginAsync(elsewhere);
            await AppendAsync(distant, away, "a", 1);

            await using var following = Follow(bank);
            await using var daemon = following.BuildDaemon();
            await daemon.StartAsync(Token);
            var watch = Stopwatch.StartNew();
            var number = 0;
            while (watch.Elapsed < Hold)
            {
                await AppendAsync(bank.Store, transaction: null, "a", ++number);
                await HandledAsync(number);
                await Task.Delay(20, Token);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{number} events were handled while transactions were open for {Hold}");
            _handled.Select(Copying.NumberOf).ShouldBe(Enumerable.Range(1, number));
            foreach (var open in (NpgsqlTransaction[])[idle, beside, away])
                await EndAsync(open);
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await bank.ExecuteAsync($"drop database if exists {other} with (force)");
        }
    }

    [Fact]
    public async Task Events_behind_an_append_that_is_not_committed_wait_for_it_and_come_after_it()
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var following = Follow(bank);
        await using var daemon = following.BuildDaemon();
        await daemon.StartAsync(Token);
        await AppendAsync(bank.Store, transaction: null, "before", 1);
        await HandledAsync(1);

        await using var open = await BeginAsync(bank.StoreConnectionString);
        await AppendAsync(bank.Store, open, "open", 1);
        var watch = Stopwatch.StartNew();
        var number = 0;
        while (watch.Elapsed < Hold)
        {
            await AppendAsync(bank.Store, transaction: null, "after", ++number);
            _handled.Count.ShouldBe(1);
            await Task.Delay(20, Token);
        }

        await open.CommitAsync(Token);
        await EndAsync(open);
        await HandledAsync(number + 2);
        TestContext.Current.TestOutputHelper?.WriteLine($"{number} events came behind one whose transaction was open for {Hold}");
        _handled.Select(static e => $"{e.StreamId} {e.Version}").ShouldBe(
            ["before 1", "open 1", .. Enumerable.Range(1, number).Select(static version => $"after {version}")]);
    }

    private EventStore Follow(BankStore bank) => bank.CreateStore(options => options.Subscriptions.Add(
        "numbers",
        subscription => subscription.ForEvents<Counted>().Handle((e, _) =>
        {
            _handled.Enqueue(e);
            return Task.CompletedTask;
        })));

    private async Task HandledAsync(int count)
    {
        var watch = Stopwatch.StartNew();
        while (_handled.Count < count)
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(8));
            await Task.Delay(1, Token);
        }
    }

    private static async Task AppendAsync(EventStore store, NpgsqlTransaction? transaction, string stream, int number)
    {
        await using var session = store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.Append(stream, new Counted(number));
        await session.SaveChangesAsync(Token);
    }

    private static async Task<NpgsqlTransaction> BeginAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Token);
        return await connection.BeginTransactionAsync(Token);
    }

    private static async Task EndAsync(NpgsqlTransaction transaction)
    {
        var connection = transaction.Connection;
        await transaction.DisposeAsync();
        await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
