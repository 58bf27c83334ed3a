using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class NodeTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<(string Stream, long Version)> _handled = new();

    [Fact]
    public async Task Three_nodes_share_twelve_ranges_and_a_node_that_ends_leaves_its_share_at_once()
    {
        // A lease by far longer than the test, so that nobody is taken for dead.
        await using var first = Store(lease: 60);
        await using var second = Store(lease: 60);
        await using var third = Store(lease: 60);
        await using var one = await StartAsync(first);
        await using var two = await StartAsync(second);
        await using var three = await StartAsync(third);
        await BalancedAsync(first, nodes: 3, low: 3, high: 5);
        await AppendAsync(50);
        await WaitForAllAsync(50);

        var began = DateTime.UtcNow;
        await three.StopAsync(Token);
        await BalancedAsync(first, nodes: 2, low: 6, high: 6);
        (DateTime.UtcNow - began).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await AppendAsync(50);
        await WaitForAllAsync(100);
        _handled.GroupBy(static one => one.Stream).ShouldAllBe(stream => IsInOrder(stream));
    }

    [Fact]
    public async Task A_node_that_dies_is_replaced_after_its_lease()
    {
        await using var first = Store();
        await using var second = Store();
        var one = await StartAsync(first);
        await AppendAsync(5);
        await WaitForAllAsync(5);

        // What is handled and not written would be handled again.
        await one.CatchUpAsync(Token);

        // As if the process was paused: it neither beats nor ends.
        await bank.ExecuteAsync($"update {{schema}}.nodes set beat = now() - interval '1 minute', knows = '{{}}'");
        await using var two = await StartAsync(second);
        await one.DisposeAsync();
        await BalancedAsync(second, nodes: 1, low: 12, high: 12);
        await AppendAsync(5);
        await WaitForAllAsync(10);
    }

    [Fact]
    public async Task A_solo_daemon_takes_over_at_once_what_a_process_that_is_gone_carried()
    {
        await using var first = Store();
        await using (await StartAsync(first))
            await BalancedAsync(first, nodes: 1, low: 12, high: 12);

        // As if it had been killed a moment ago: its row is there, and its ranges are its own.
        await bank.ExecuteAsync($$"""
            with dead as (
              insert into {schema}.nodes (node, beat, name, knows)
              values (gen_random_uuid(), now(), 'dead', array['1:{{_name}} by stream'])
              returning node
            )
            update {schema}.checkpoints set owner = dead.node from dead where subscription = '{{_name}}'
            """);
        await using var second = Store(lease: 60);
        await using var two = second.BuildDaemon(DaemonMode.Solo);
        await two.StartAsync(Token);
        await BalancedAsync(second, nodes: 1, low: 12, high: 12);
        await AppendAsync(5);
        await two.CatchUpAsync(Token);
        _handled.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_node_ends_while_it_still_compares_the_log_with_what_was_handled_of_it()
    {
        await using var first = Store();
        await using (var one = await StartAsync(first))
        {
            await AppendAsync(12);
            await one.CatchUpAsync(Token);
        }

        // The comparison looks at the audit.
        await using var holding = new NpgsqlConnection(bank.ConnectionString);
        await holding.OpenAsync(Token);
        await using var transaction = await holding.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand($"lock table {bank.Schema}.audit in access exclusive mode", holding, transaction))
            await hold.ExecuteNonQueryAsync(Token);

        await using var second = Store();
        var two = await StartAsync(second);
        while (await bank.ExecuteAsync(
            "select exists (select from pg_locks where not granted and relation = '{schema}.audit'::regclass)") is false)
        {
            await Task.Delay(10, Token);
        }

        await two.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await two.DisposeAsync();
    }

    private static bool IsInOrder(IEnumerable<(string Stream, long Version)> stream)
    {
        var versions = stream.Select(static one => one.Version).ToList();
        return versions.SequenceEqual(versions.Order());
    }

    private async Task BalancedAsync(EventStore store, int nodes, int low, int high) =>
        await SubscriptionStore.WaitAsync(store, _name, status => OwnersOf(status, nodes).All(count => count >= low && count <= high));

    // Nodes of one process have one name: they are told apart by who owns the rows.
    private int[] OwnersOf(SubscriptionStatus status, int nodes)
    {
        status.Ranges.Count.ShouldBe(12);
        var counts = (int[])bank.ExecuteAsync($"""
            select coalesce(array_agg(o.count), array[]::integer[])
            from (
              select count(*)::integer as count
              from {bank.Schema}.checkpoints
              where subscription = '{_name}' and owner is not null
                and owner not in (select node from {bank.Schema}.nodes where name = 'dead')
              group by owner
            ) as o
            """).GetAwaiter().GetResult()!;
        return counts.Length == nodes ? counts : [0];
    }

    private async Task AppendAsync(int streams)
    {
        for (var index = 0; index < streams; index++)
            await bank.AppendAsync($"{_prefix}{index}", new NoteTaken($"{index}"));
    }

    private async Task WaitForAllAsync(int count)
    {
        while (_handled.Count < count)
            await Task.Delay(20, Token);

        _handled.Count.ShouldBe(count);
    }

    private EventStore Store(int lease = 1) => bank.With(
        _name,
        subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .PartitionByStream(concurrency: 12)
            .Handle((@event, _) =>
            {
                _handled.Enqueue((@event.StreamId.Value, @event.Version));
                return Task.CompletedTask;
            }),
        options => options.Subscriptions.Lease = TimeSpan.FromSeconds(lease));

    private static async Task<IDaemon> StartAsync(EventStore store)
    {
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        return daemon;
    }
}
