using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>
/// Behind PgBouncer in transaction mode, where each transaction may run on another connection to the server, and nobody listens.
/// </summary>
public sealed class PgBouncerSubscriptionTests(PostgresServer server, PgBouncer pgBouncer) : IAsyncLifetime
{
    private readonly BankStore _bank = new PgBouncerStore(server, pgBouncer).OrSkip();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task Each_event_is_handled_once_by_nodes_that_come_and_go_while_connections_to_the_server_are_ended()
    {
        const int Streams = 20, Rounds = 15;
        await using var first = Copying();
        await using var second = Copying();
        await using var one = await StartAsync(first);
        var two = await StartAsync(second);
        for (var round = 0; round < Rounds; round++)
        {
            await Parallel.ForAsync(0, Streams, Token, async (stream, _) => await AppendUntilDoneAsync($"s-{stream}", $"{round}"));
            if (round % 3 == 0)
                await AskAsync($"""
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and query like '%{_bank.Schema}%'
                    """);

            if (round % 5 == 4)
            {
                await two.DisposeAsync();
                two = await StartAsync(second);
            }
        }

        await Eventually.BecomesTrueAsync(async () => await CountCopiesAsync() == Streams * Rounds, "all are handled");
        for (var stream = 0; stream < Streams; stream++)
        {
            (await AskAsync($"""
                select string_agg(e.data ->> 'text', ',' order by e.version)
                from {_bank.Schema}.events e join {_bank.Schema}.streams s on s.key = e.stream
                where s.id = 'copy-s-{stream}'
                """)).ShouldBe(string.Join(',', Enumerable.Range(0, Rounds)));
        }

        await two.DisposeAsync();
    }

    [Fact]
    public async Task Deliveries_are_pulled_by_two_processes_each_event_in_order_of_its_stream()
    {
        var taken = new ConcurrentQueue<(string Stream, long Version)>();
        for (var number = 0; number < 60; number++)
            await _bank.AppendAsync($"p-{number % 6}", new NoteTaken($"{number}"));

        await using var first = _bank.CreateStore();
        await using var second = _bank.CreateStore();
        await using var one = await OpenAsync(first);
        await using var two = await OpenAsync(second);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var taking = new[] { TakeAsync(one), TakeAsync(two) };
        await Eventually.BecomesTrueAsync(() => Task.FromResult(taken.Distinct().Count() == 60), "all are delivered");
        await enough.CancelAsync();
        await Task.WhenAll(taking);
        foreach (var stream in taken.GroupBy(static delivery => delivery.Stream))
            stream.Select(static one => one.Version).Distinct().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

        Task<ISubscription> OpenAsync(EventStore store) => store.Subscriptions.OpenAsync(
            "pulled", new SubscriptionOptions { Concurrency = 4, Filter = new EventFilter().OfStreams("p-") }, Token);

        async Task TakeAsync(ISubscription subscription)
        {
            try
            {
                await foreach (var delivery in subscription.ReadAsync(enough.Token))
                {
                    taken.Enqueue((delivery.Event.StreamId.Value, delivery.Event.Version));
                    await delivery.AckAsync(CancellationToken.None);
                }
            }
            catch (OperationCanceledException)
            {
                // All are delivered.
            }
            catch (FencedException)
            {
                // The range went to the other one; what was out comes again there.
                await TakeAsync(subscription);
            }
        }
    }

    private async Task AppendUntilDoneAsync(string stream, string text)
    {
        await using var session = _bank.Store.OpenSession();
        session.Events.Append(stream, new NoteTaken(text));
        while (true)
        {
            try
            {
                await session.SaveChangesAsync(Token);
                return;
            }
            catch (Exception failure) when (failure is Npgsql.NpgsqlException or CommitOutcomeUnknownException)
            {
                // The same unit again: it is written once.
            }
        }
    }

    // On a connection of its own each time: those of pools were ended.
    private async Task<long> CountCopiesAsync() => (long)(await AskAsync($"""
        select count(*) from {_bank.Schema}.events e join {_bank.Schema}.streams s on s.key = e.stream where s.id like 'copy-%'
        """))!;

    private Task<object?> AskAsync(string sql) => Database.AskAsync(_bank.ConnectionString, sql);

    private EventStore Copying() => _bank.CreateStore(options =>
    {
        options.Subscriptions.Lease = TimeSpan.FromSeconds(2);
        options.Subscriptions.Add("copies", subscription => subscription
            .Filter(filter => filter.OfStreams("s-"))
            .PartitionByStream(4)
            .Handle((@event, context) =>
            {
                context.Session.Events.Append($"copy-{@event.StreamId}", @event.Data);
                return Task.CompletedTask;
            }));
    });

    private static async Task<IDaemon> StartAsync(EventStore store)
    {
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        return daemon;
    }
}
