using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Subscriptions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>How checkpoints of many workers move with one statement, each test with rows of its own.</summary>
public sealed class CheckpointFlushTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>, IAsyncLifetime
{
    private const int Count = 20;

    private readonly FakeTimeProvider _clock = new();
    private readonly Guid _node = Guid.NewGuid();
    private readonly string _prefix = $"f-{Guid.NewGuid():N}-";

    private DateTimeOffset _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = (DateTime)(await bank.ExecuteAsync($$"""
        insert into {schema}.checkpoints (subscription, version, first, last, position, epoch, owner, format)
        select '{{_prefix}}' || n, 1, 0, 63, 10, 100 + n, '{{_node}}', 1
        from generate_series(0, {{Count - 1}}) as n;
        select pg_postmaster_start_time()
        """))!;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Those_who_ask_together_are_written_with_one_statement()
    {
        await using var source = NpgsqlDataSource.Create(bank.StoreConnectionString);
        await using var flush = Flush(source);
        var results = await GatherAsync([.. Enumerable.Range(0, Count).Select(number => MoveAsync(flush, number))]);

        results.ShouldAllBe(static result => result.IsMoved);
        (await RowsAsync("count(distinct c.xmin::text)")).ShouldBe(1L);
        (await RowsAsync("min(c.position)")).ShouldBe(20L);
    }

    [Fact]
    public async Task One_that_is_refused_is_told_why_and_the_others_are_moved()
    {
        await ChangeAsync(1, "epoch = 500");
        await ChangeAsync(2, "paused = true");
        await ChangeAsync(3, "stop_at = 15");
        await ChangeAsync(4, "position = 11");
        await ChangeAsync(5, "owner = gen_random_uuid(), epoch = 501");
        await bank.ExecuteAsync($"delete from {{schema}}.checkpoints where subscription = '{_prefix}6'");
        await using var source = NpgsqlDataSource.Create(bank.StoreConnectionString);
        await using var flush = Flush(source);

        // The one that is refused first in the order of the rows, and the one that comes last: neither stops the others.
        var results = await GatherAsync([.. Enumerable.Range(0, Count).Reverse().Select(number => MoveAsync(flush, number))]);
        Array.Reverse(results);

        results[1].ShouldBe(new FlushResult(false, new Refusal(IsPaused: false, Epoch: 500)));
        results[2].ShouldBe(new FlushResult(false, new Refusal(IsPaused: true, Epoch: 102)));
        results[3].ShouldBe(new FlushResult(false, new Refusal(IsPaused: false, Epoch: 103)));
        results[4].ShouldBe(new FlushResult(false, new Refusal(IsPaused: false, Epoch: 104)));
        results[5].ShouldBe(new FlushResult(false, new Refusal(IsPaused: false, Epoch: 501)));
        results[6].ShouldBe(new FlushResult(false, new Refusal(IsPaused: false, Epoch: null)));
        results.Count(static result => result.IsMoved).ShouldBe(Count - 6);
        (await RowsAsync("count(*) filter (where c.position = 20)")).ShouldBe(Count - 6L);
    }

    [Fact]
    public async Task One_that_somebody_has_locked_is_put_off_and_keeps_nobody_waiting()
    {
        await using var source = NpgsqlDataSource.Create(bank.StoreConnectionString);
        await using var flush = Flush(source);
        await using (var other = new NpgsqlConnection(bank.ConnectionString))
        {
            await other.OpenAsync(Token);
            await using var transaction = await other.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand(
                $"select from {bank.Schema}.checkpoints where subscription = '{_prefix}7' for update", other, transaction);
            await hold.ExecuteNonQueryAsync(Token);
            var results = await GatherAsync([.. Enumerable.Range(0, Count).Select(number => MoveAsync(flush, number))]);
            results[7].ShouldBe(FlushResult.Busy);
            results.Count(static result => result.IsMoved).ShouldBe(Count - 1);
        }

        (await GatherAsync([MoveAsync(flush, 7)])).ShouldBe([FlushResult.Moved]);
    }

    [Fact]
    public async Task If_the_connection_is_cut_all_learn_that_the_outcome_is_unknown()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var source = NpgsqlDataSource.Create(proxy.ConnectionString);
        await using var flush = Flush(source);
        (await GatherAsync([MoveAsync(flush, 0)])).ShouldBe([FlushResult.Moved]);

        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        var lost = Enumerable.Range(1, Count - 1).Select(number => MoveAsync(flush, number)).ToArray();
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => GatherAsync(lost));
        lost.ShouldAllBe(static task => task.Exception!.InnerException is CommitOutcomeUnknownException);
    }

    [Fact]
    public async Task One_that_gives_up_does_not_take_the_others_with_it()
    {
        await using var source = NpgsqlDataSource.Create(bank.StoreConnectionString);
        await using var flush = Flush(source);
        using var stopped = new CancellationTokenSource();
        var first = MoveAsync(flush, 0, stopped.Token);
        var second = MoveAsync(flush, 1);
        await stopped.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await GatherAsync([second])).ShouldBe([FlushResult.Moved]);
    }

    [Fact]
    public async Task Who_waits_when_the_store_ends_is_told_so()
    {
        await using var source = NpgsqlDataSource.Create(bank.StoreConnectionString);
        var flush = Flush(source);
        var waiting = MoveAsync(flush, 0);
        await flush.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => waiting);
        await Should.ThrowAsync<ObjectDisposedException>(() => MoveAsync(flush, 0));
        (await RowsAsync("min(c.position)")).ShouldBe(10L);
    }

    private CheckpointFlush Flush(NpgsqlDataSource source) =>
        new(new FluentEventStore.Postgres.Database(new ConnectionSource(source), static _ => Task.CompletedTask), new(bank.Schema), _clock);

    private async Task<FlushResult> MoveAsync(CheckpointFlush flush, int number, CancellationToken? stopped = null) =>
        await flush.MoveAsync(
            new FlushMove(
                new Holding(new RangeKey(_prefix + number.ToString(CultureInfo.InvariantCulture), 1, 0, 63), _node),
                new Tenure(100 + number, _server),
                10,
                20),
            stopped ?? Token);

    /// <summary>Lets the time pass that the first waits for the others.</summary>
    private async Task<FlushResult[]> GatherAsync(Task<FlushResult>[] moves)
    {
        var all = Task.WhenAll(moves);
        while (!all.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.WhenAny(all, Task.Delay(5, Token));
        }

        return await all;
    }

    private Task<object?> ChangeAsync(int number, string change) =>
        bank.ExecuteAsync($"update {{schema}}.checkpoints set {change} where subscription = '{_prefix}{number}'");

    private Task<object?> RowsAsync(string what) =>
        bank.ExecuteAsync($"select {what} from {{schema}}.checkpoints c where c.subscription like '{_prefix}%'");
}
