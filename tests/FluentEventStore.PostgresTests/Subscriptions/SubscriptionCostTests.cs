using System.Diagnostics;
using System.Globalization;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>What a hundred subscriptions cost that have nothing to do, each test in a store of its own.</summary>
public sealed class SubscriptionCostTests(PostgresServer server) : IAsyncLifetime
{
    private const int Count = 100;

    /// <summary>Those that are the farthest behind.</summary>
    private const string Last = """
        select string_agg(to_jsonb(c)::text, E'\n')
        from (select * from {schema}.checkpoints order by position, subscription limit 5) as c
        """;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(LongForm.Of(5, 30));

    private readonly SubscriptionStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_hundred_idle_subscriptions_write_nothing_but_that_the_node_is_alive_and_send_fewer_than_ten_statements_a_second()
    {
        await _bank.AppendAsync("some", new NoteTaken("a"));
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = Store(proxy.ConnectionString);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        List<ISubscription> pulled = [];
        for (var number = 0; number < 5; number++)
            pulled.Add(await store.Subscriptions.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"p{number}"), Rare(), Token));

        var taking = pulled.ConvertAll(one => one.ReadAsync(Token).GetAsyncEnumerator(Token).MoveNextAsync().AsTask());
        await MovedToAsync(1);
        await OwnedAsync();

        var (written, alive, sent, began) = (await WrittenAsync("<>"), await WrittenAsync("="), proxy.RoundTrips, Stopwatch.GetTimestamp());
        await Task.Delay(Window, Token);
        var each = (proxy.RoundTrips - sent) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each:0.0} statements a second");
        each.ShouldBeInRange(0.1, 10);
        (await WrittenAsync("<>")).ShouldBe(written);
        (await WrittenAsync("=")).ShouldNotBe(alive);
        foreach (var one in pulled)
            await one.DisposeAsync();

        await Task.WhenAll(taking);
    }

    [Fact]
    public async Task Beside_other_events_a_hundred_rare_subscriptions_write_their_checkpoints_about_once_a_second_together()
    {
        await using var store = Store(_bank.ConnectionString);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await OwnedAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var appending = AppendAsync(enough.Token);

        var began = Stopwatch.GetTimestamp();
        var transactions = new HashSet<string>();
        while (Stopwatch.GetElapsedTime(began) < Window)
        {
            await Task.Delay(50, Token);
            transactions.UnionWith((string[])(await _bank.ExecuteAsync(
                "select array_agg(distinct c.xmin::text) from {schema}.checkpoints c where c.position > 0"
                    + " having count(*) > 0") ?? Array.Empty<string>()));
        }

        var each = transactions.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each:0.0} transactions a second");
        await enough.CancelAsync();
        var last = await appending;
        each.ShouldBeInRange(0.3, 5, "a hundred, if each wrote its own");
        await MovedToAsync(last);
    }

    [Fact]
    public async Task Whatever_becomes_of_connections_and_of_single_ranges_all_checkpoints_get_to_the_end()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = Store(proxy.ConnectionString);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await OwnedAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var appending = AppendAsync(enough.Token);

        await store.Subscriptions.PauseAsync("s1", Token);
        await _bank.ExecuteAsync("update {schema}.checkpoints set epoch = nextval('{schema}.epochs') where subscription = 's2'");
        var paused = await _bank.ExecuteAsync("select position from {schema}.checkpoints where subscription = 's1'");
        for (var round = 0; round < LongForm.Of(3, 30); round++)
        {
            var moved = (long)(await _bank.ExecuteAsync("select max(position) from {schema}.checkpoints"))!;
            proxy.BreakNext((TcpProxy.Break)(1 + (round % 2)));
            await proxy.Met.WaitAsync(Token);
            await MovedToAsync(moved + 1, "and subscription not in ('s1')");
        }

        await enough.CancelAsync();
        var last = await appending;
        await MovedToAsync(last, "and subscription <> 's1'");
        (await _bank.ExecuteAsync("select position from {schema}.checkpoints where subscription = 's1'")).ShouldBe(paused);
        await store.Subscriptions.ResumeAsync("s1", Token);
        await MovedToAsync(last);
    }

    /// <summary>With subscriptions to a type of events that never come.</summary>
    private static SubscriptionOptions Rare() => new() { Filter = new EventFilter().OfTypes("never-happens") };

    private EventStore Store(string connectionString) => _bank.CreateStore(options =>
    {
        options.Connection(connectionString);
        for (var number = 0; number < Count; number++)
        {
            options.Subscriptions.Add(string.Create(CultureInfo.InvariantCulture, $"s{number}"), static subscription => subscription
                .Filter(static filter => filter.OfTypes("never-happens"))
                .Handle(static (_, _) => throw new InvalidOperationException("There is no such event.")));
        }
    });

    /// <summary>Appends events that concern nobody, until it is cancelled.</summary>
    /// <returns>The position of the last one.</returns>
    private async Task<long> AppendAsync(CancellationToken cancellationToken)
    {
        var last = 0L;
        for (var number = 0; !cancellationToken.IsCancellationRequested; number++)
        {
            last = (await _bank.AppendAsync($"other-{number % 10}", new NoteTaken("a"))).Position;
            await Task.Delay(5, CancellationToken.None);
        }

        return last;
    }

    private Task OwnedAsync() => UntilAsync("select count(*) = 0 from {schema}.checkpoints where owner is null");

    private Task MovedToAsync(long position, string which = "") =>
        UntilAsync($"select count(*) = 0 from {{schema}}.checkpoints where position < {position} {which}");

    private async Task UntilAsync(string condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!(bool)(await _bank.ExecuteAsync(condition))!)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"After a minute it is not so: {condition}\n{await _bank.ExecuteAsync(Last)}");

            await Task.Delay(20, Token);
        }
    }

    /// <summary>Which transactions wrote what stands in the tables, of the nodes or of all others.</summary>
    private async Task<string> WrittenAsync(string compare) => (string)(await _bank.ExecuteAsync($$"""
        select string_agg(t.relname || (xpath('/row/c/text()', query_to_xml(
                 'select coalesce(string_agg(x.ctid::text || x.xmin::text, '','' order by x.ctid), ''-'') as c from '
                   || t.oid::regclass || ' x', false, true, '')))[1]::text, ' ' order by t.relname)
        from pg_class t
        where t.relnamespace = '{schema}'::regnamespace and t.relkind = 'r' and t.relname {{compare}} 'nodes'
        """))!;
}
