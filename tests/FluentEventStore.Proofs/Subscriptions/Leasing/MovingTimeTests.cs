using System.Diagnostics;
using FluentEventStore.PostgresTests.Subscriptions;

namespace FluentEventStore.Proofs.Subscriptions.Leasing;

/// <summary>How soon twelve ranges are shared and move, with the lease that nobody has set.</summary>
public sealed class MovingTimeTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private readonly string _name = $"s-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_nodes_own_three_to_five_ranges_each_in_ten_seconds_which_move_in_ten_after_a_death_and_in_one_after_a_stop()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var first = Store(bank.StoreConnectionString);
        await using var second = Store(bank.StoreConnectionString);
        await using var third = Store(proxy.ConnectionString);
        await using var one = first.BuildDaemon(DaemonMode.HotCold);
        await using var two = second.BuildDaemon(DaemonMode.HotCold);
        await using var three = third.BuildDaemon(DaemonMode.HotCold);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(one.StartAsync(Token), two.StartAsync(Token), three.StartAsync(Token));
        await OwnedAsync(static counts => counts.Length == 3 && counts.All(static count => count is >= 3 and <= 5));
        Note("shared", clock, TimeSpan.FromSeconds(10));

        clock.Restart();
        proxy.LeadTo("Host=127.0.0.1;Port=1");
        proxy.BreakNow();
        await OwnedAsync(static counts => counts is [6, 6]);
        Note("moved after a death", clock, TimeSpan.FromSeconds(10));

        clock.Restart();
        await two.StopAsync(Token);
        await OwnedAsync(static counts => counts is [12]);
        Note("moved after a stop", clock, TimeSpan.FromSeconds(1));
        await three.StopAsync(new CancellationToken(canceled: true));
    }

    private static void Note(string what, Stopwatch clock, TimeSpan limit)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what} after {clock.Elapsed}");
        clock.Elapsed.ShouldBeLessThan(limit, what);
    }

    // How many ranges each node owns. Nodes of one process have one name: they are told apart by who owns the rows.
    private async Task OwnedAsync(Func<int[], bool> isThere)
    {
        while (!isThere((int[])(await bank.ExecuteAsync($"""
            select coalesce(array_agg(o.count), array[]::integer[])
            from (
              select count(*)::integer as count
              from {bank.Schema}.checkpoints
              where subscription = '{_name}' and owner is not null
              group by owner
            ) as o
            """))!))
        {
            await Task.Delay(20, Token);
        }
    }

    private EventStore Store(string connectionString) => bank.With(
        _name,
        static subscription => subscription.PartitionByStream(12).Handle(static (_, _) => Task.CompletedTask),
        options => options.Connection(connectionString));
}
