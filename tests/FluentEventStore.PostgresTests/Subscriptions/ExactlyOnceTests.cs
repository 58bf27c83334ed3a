using System.Globalization;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>What handlers write with their sessions is written once, whatever happens to connections, daemons and their leases.</summary>
public sealed class ExactlyOnceTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static readonly int Events = LongForm.Of(300, 10_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";

    [Fact]
    public async Task Connections_are_cut_before_and_after_commits()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = Store(proxy.ConnectionString);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        var cuts = 0;
        for (var number = 0; number < Events; number++)
        {
            if (random.Next(6) == 0)
            {
                proxy.BreakNext(random.Next(2) == 0 ? TcpProxy.Break.BeforeTheServerGetsIt : TcpProxy.Break.BeforeTheClientGetsTheAnswer);
                cuts++;
            }

            await bank.AppendAsync($"{_prefix}{number % 7}", new NoteTaken($"{number}"));
        }

        await ExpectAllOnceAsync(bank.Store);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cuts} connections were cut");
    }

    [Fact]
    public async Task Backends_are_ended_by_the_server()
    {
        await using var store = Store(bank.StoreConnectionString);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        for (var number = 0; number < Events; number++)
        {
            await bank.AppendAsync($"{_prefix}{number % 7}", new NoteTaken($"{number}"));
            if (number % 20 == 0)
                await bank.ExecuteAsync(
                    $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{_name}'");
        }

        await ExpectAllOnceAsync(store);
    }

    [Fact]
    public async Task Ranges_are_taken_from_nodes_that_do_not_know_it()
    {
        var random = new Random();
        var stores = Enumerable.Range(0, 3).Select(_ => Store(bank.StoreConnectionString)).ToList();
        var daemons = new List<IDaemon>();
        foreach (var store in stores)
        {
            daemons.Add(store.BuildDaemon(DaemonMode.HotCold));
            await daemons[^1].StartAsync(Token);
        }

        for (var number = 0; number < Events; number++)
        {
            await bank.AppendAsync($"{_prefix}{number % 7}", new NoteTaken($"{number}"));

            // As a claim of another node would.
            if (number % 10 == 0)
                await bank.ExecuteAsync(
                    $"update {{schema}}.checkpoints set owner = null, epoch = nextval('{{schema}}.epochs') where subscription = '{_name}' "
                        + $"and first % 4 = {random.Next(4)}");
        }

        await ExpectAllOnceAsync(stores[0]);
        foreach (var daemon in daemons)
            await daemon.DisposeAsync();

        foreach (var store in stores)
            await store.DisposeAsync();
    }

    private EventStore Store(string connectionString) => EventStore.For(options =>
    {
        options.Connection(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = _name }.ConnectionString);
        options.Schema = bank.Schema;
        options.Subscriptions.Lease = TimeSpan.FromSeconds(1);
        options.Subscriptions.Add(_name, subscription => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .PartitionByStream(4)
            .OnError(0, FailedEvent.Stop)
            .Handle((@event, context) =>
            {
                context.Session.Events.Append($"copy-{@event.StreamId}", new NoteTaken(((NoteTaken)@event.Data).Text));
                return Task.CompletedTask;
            }));
    });

    private async Task ExpectAllOnceAsync(EventStore store)
    {
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Lag == 0);
        for (var stream = 0; stream < 7; stream++)
        {
            var copies = await bank.FetchAsync($"copy-{_prefix}{stream}");
            copies.Select(static copy => int.Parse(((NoteTaken)copy.Data).Text, CultureInfo.InvariantCulture)).ShouldBe(
                Enumerable.Range(0, Events).Where(number => number % 7 == stream));
        }

    }
}
