using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>An event that ends each process that handles it.</summary>
public sealed class KillerEventTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private const int MostProcesses = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";
    private bool _kills = true;
    private int _calls;

    [Fact]
    public async Task A_range_whose_carriers_end_without_a_word_one_after_the_other_stops_and_goes_on_when_it_is_resumed()
    {
        await bank.AppendAsync(_stream, new NoteTaken("killer"));
        for (var process = 0; process <= MostProcesses; process++)
            (await DieAsync()).ShouldBe(process, "so many died before it");

        _calls.ShouldBe(MostProcesses + 1);
        await using var store = Store(bank.StoreConnectionString);
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Token);
        var status = await SubscriptionStore.WaitAsync(store, _name, static status => status.State == SubscriptionState.Faulted);
        (status.Failure!.Kind, status.Position).ShouldBe((FailureKind.KillsProcesses, 0L));
        _calls.ShouldBe(MostProcesses + 1);

        _kills = false;
        await store.Subscriptions.ResumeAsync(_name, Token);
        await daemon.CatchUpAsync(Token);
        _calls.ShouldBe(MostProcesses + 2);
    }

    [Fact]
    public async Task Something_that_is_handled_between_clears_the_range_of_suspicion()
    {
        await bank.AppendAsync(_stream, new NoteTaken("killer"));
        for (var process = 0; process < MostProcesses; process++)
            await DieAsync();

        _kills = false;
        await using (var store = Store(bank.StoreConnectionString))
        await using (await SubscriptionStore.CatchUpAsync(store))
            (await ClaimsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task One_that_is_slow_to_begin_is_counted_like_others()
    {
        await bank.AppendAsync(_stream, new NoteTaken("killer"));
        await DieAsync();
        await using var store = Store(bank.StoreConnectionString, static options => options.WaitClock = new SlowClock());
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        await daemon.StartAsync(Token);
        while (Volatile.Read(ref _calls) < 2)
            await Task.Delay(10, Token);

        (await ClaimsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_pulled_one_stops_as_well()
    {
        await bank.AppendAsync(_stream, new NoteTaken("killer"));
        var options = new SubscriptionOptions { Filter = new EventFilter().OfStream(_stream) };
        await using var store = bank.CreateStore(static one => one.Subscriptions.Lease = TimeSpan.FromSeconds(1));
        await (await store.Subscriptions.OpenAsync(_name, options, Token)).DisposeAsync();

        // As if the last of so many had died now.
        await bank.ExecuteAsync(
            $"update {{schema}}.checkpoints set owner = gen_random_uuid(), claims = {MostProcesses} where subscription = '{_name}'");
        await using var subscription = await store.Subscriptions.OpenAsync(_name, options, Token);
        await using (var reader = new PulledReader(subscription))
            await reader.Begin().ShouldThrowAsync<SubscriptionStoppedException>();

        (await SubscriptionStore.StatusAsync(store, _name)).Failure!.Kind.ShouldBe(FailureKind.KillsProcesses);
        await store.Subscriptions.ResumeAsync(_name, Token);
        await using var again = new PulledReader(subscription);
        await again.AckAsync("killer");
    }

    [Fact]
    public async Task A_pulled_one_is_under_suspicion_as_long_as_the_event_is_out_and_no_longer()
    {
        var other = $"{_name}-other";
        var options = new SubscriptionOptions { Filter = new EventFilter().OfStream(_stream) };
        var none = new SubscriptionOptions { Filter = new EventFilter().OfStream(other) };
        await using var store = bank.CreateStore(static one => one.Subscriptions.Lease = TimeSpan.FromSeconds(1));
        await (await store.Subscriptions.OpenAsync(_name, options, Token)).DisposeAsync();
        await (await store.Subscriptions.OpenAsync(other, none, Token)).DisposeAsync();
        var position = (await bank.AppendAsync(_stream, new NoteTaken("killer"))).Position - 1;
        await bank.ExecuteAsync($"""
            update {bank.Schema}.checkpoints set owner = gen_random_uuid(),
                position = {position},
                claims = case subscription when '{_name}' then 2 else {MostProcesses + 2} end
            where subscription like '{_name}%'
            """);
        await using var subscription = await store.Subscriptions.OpenAsync(_name, options, Token);
        await using var reader = new PulledReader(subscription);
        var killer = await reader.TakeAsync();

        // One that has nothing to deliver is taken later, and cleared.
        await using (var idle = await store.Subscriptions.OpenAsync(other, none, Token))
        await using (var beside = new PulledReader(idle))
        {
            _ = beside.Begin();
            while (await ClaimsAsync(other) > 0)
                await Task.Delay(20, Token);
        }

        (await ClaimsAsync()).ShouldBe(3);
        await killer.AckAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Lag == 0);
        (await ClaimsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_range_with_nothing_to_handle_is_cleared_though_its_carriers_end_without_a_word()
    {
        await using (var first = Store(bank.StoreConnectionString))
        await using (await SubscriptionStore.CatchUpAsync(first))
        {
        }

        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Lag == 0);
        // More than an event that kills may take: they died of what another subscription handled.
        await bank.ExecuteAsync(
            $"update {{schema}}.checkpoints set owner = gen_random_uuid(), claims = {MostProcesses + 2} where subscription = '{_name}'");
        await using var store = Store(bank.StoreConnectionString);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        while (await ClaimsAsync() > 0)
            await Task.Delay(20, Token);
    }

    /// <summary>A process takes the range over, calls the handler, and is never heard of again.</summary>
    /// <returns>From how many that ended so in a row the range has been taken.</returns>
    private async Task<int> DieAsync()
    {
        await using var proxy = new TcpProxy(bank.StoreConnectionString);
        await using var store = Store(proxy.ConnectionString);
        await using var daemon = store.BuildDaemon(DaemonMode.Solo);
        var calls = Volatile.Read(ref _calls);
        await daemon.StartAsync(Token);
        while (Volatile.Read(ref _calls) == calls)
            await Task.Delay(10, Token);

        proxy.LeadTo("Host=127.0.0.1;Port=1");
        proxy.BreakNow();
        while ((long)(await bank.ExecuteAsync($"select count(*) from pg_stat_activity where application_name like '{_name}%'"))! > 0)
            await Task.Delay(10, Token);

        await daemon.StopAsync(new CancellationToken(canceled: true));
        return await ClaimsAsync();
    }

    private async Task<int> ClaimsAsync(string? name = null) =>
        (int)(await bank.ExecuteAsync($"select max(claims) from {{schema}}.checkpoints where subscription = '{name ?? _name}'"))!;

    private EventStore Store(string connectionString, Action<EventStoreOptions>? configure = null) => bank.With(
        _name,
        subscription => subscription.Filter(filter => filter.OfStream(_stream)).Handle(async (_, context) =>
        {
            Interlocked.Increment(ref _calls);
            if (_kills)
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }),
        options =>
        {
            options.Connection(new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = _name }.ConnectionString);
            configure?.Invoke(options);
        });

    /// <summary>A clock that goes on by more than the time from one flush to the next whenever somebody looks at it.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Increment(ref _looks) * Stopwatch.Frequency * 2);
    }
}
