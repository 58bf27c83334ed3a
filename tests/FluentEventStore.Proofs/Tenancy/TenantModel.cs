using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Subscriptions;
using FluentEventStore.Proofs.Subscriptions.Working;
using Npgsql;

namespace FluentEventStore.Proofs.Tenancy;

/// <summary>
/// Tenants of one database are paused, resumed and rewound at random, or take so much time that they come apart by themselves, while others
/// write, keys are parked and replayed, ranges are split, merged and taken away, and processes and connections come and go.
/// </summary>
public abstract class TenantModel(BankStore bank, bool endsConnections) : IAsyncLifetime
{
    private static readonly string[] Tenants = ["red", "green", "blue"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentDictionary<string, int> _rewinds = new();
    private readonly Dictionary<string, int> _written = [];
    private readonly string _carrier = $"c-{Guid.NewGuid():N}";
    private volatile string _slow = "";

    private IStoreSubscriptions Controls => bank.Store.Subscriptions;

    public ValueTask InitializeAsync() => bank.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return bank.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_event_is_handled_once_and_in_order_and_again_only_where_its_tenant_was_rewound(bool withRewinds)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var first = Store(seed);
        await using var second = Store(seed + 1);
        var daemons = new List<IDaemon> { await StartAsync(first), await StartAsync(second) };
        for (var step = 0; step < 60; step++)
        {
            var tenantId = Tenants[random.Next(Tenants.Length)];
            switch (random.Next(20))
            {
                case 0:
                    await Controls.PauseAsync(_name, tenantId, Token);
                    break;
                case 1 or 2:
                    await Controls.ResumeAsync(_name, tenantId, Token);
                    break;
                case 3 when withRewinds:
                    var status = await SubscriptionStore.StatusAsync(bank.Store, _name);
                    _rewinds.AddOrUpdate(tenantId, 1, static (_, count) => count + 1);
                    await Controls.RewindAsync(_name, tenantId, random.NextInt64(status.Position + 1), Token);
                    break;
                case 4:
                    await Controls.SplitAsync(_name, random.Next(1, 6), Token);
                    break;
                case 5:
                    await MergeAsync(random.Next(1, 3));
                    break;
                case 6:
                    await Controls.ReplayParkedAsync(_name, Token);
                    break;
                case 7:
                    await Controls.PauseAsync(_name, Token);
                    await AppendAsync(random);
                    await Controls.ResumeAsync(_name, Token);
                    break;
                case 9:
                    await ShareAsync(tenantId);
                    break;
                case 10:
                    _slow = tenantId;
                    break;
                case 11:
                    await AppendAsync(_slow.Length == 0 ? tenantId : _slow, count: 150, random);
                    break;
                case 12:
                    await TakeAwayAsync();
                    break;
                case 13 when endsConnections:
                    await EndConnectionsAsync();
                    break;
                case 14 when withRewinds:
                    await MoveAllBackAsync(random);
                    break;
                case 8:
                    var index = random.Next(daemons.Count);
                    await daemons[index].DisposeAsync();
                    daemons[index] = await StartAsync(random.Next(2) == 0 ? first : second);
                    break;
                default:
                    await AppendAsync(random);
                    break;
            }
        }

        _slow = "";
        foreach (var tenantId in Tenants)
            await Controls.ResumeAsync(_name, tenantId, Token);

        await CatchUpAsync(daemons[0]);
        await SubscriptionStore.WaitAsync(bank.Store, _name, status =>
        {
            _ = status.Parked == 0 ? 0 : Controls.ReplayParkedAsync(_name, CancellationToken.None).GetAwaiter().GetResult();
            return status.Parked == 0;
        });
        await CatchUpAsync(daemons[0]);
        await SubscriptionStore.WaitAsync(bank.Store, _name, static status => status.Ranges.All(static range => range.TenantId is null));
        foreach (var (stream, written) in _written)
            await CheckAsync(stream, written);

        foreach (var daemon in daemons)
            await daemon.DisposeAsync();
    }

    private async Task CheckAsync(string stream, int written)
    {
        var tenantId = stream[..stream.IndexOf(' ', StringComparison.Ordinal)];
        await using var session = bank.Store.OpenQuerySession(tenantId);
        var events = await session.Events.FetchStreamAsync($"seen-{_prefix}{stream}", cancellationToken: Token);
        var (last, steps) = (0, 0);
        foreach (var number in events.Select(static one => int.Parse(((NoteTaken)one.Data).Text, null)))
        {
            number.ShouldBeLessThanOrEqualTo(last + 1, $"{stream} skips from {last} to {number}");
            steps += number <= last ? 1 : 0;
            last = number;
        }

        last.ShouldBe(written, stream);
        steps.ShouldBeLessThanOrEqualTo(_rewinds.GetValueOrDefault(tenantId), stream);
    }

    // As a worker does between two pages of its own: this one may have a page under way, which is refused then.
    private Task<object?> ShareAsync(string tenantId) => bank.ExecuteAsync($$"""
        select {schema}.share_range(c.subscription, c.version, '{{tenantId}}', c.first, c.owner, c.epoch)
        from {schema}.checkpoints c
        where c.subscription = '{{_name}}' and c.tenant = '' and c.owner is not null
          and not exists (
            select from {schema}.checkpoints o where o.subscription = c.subscription and o.first = c.first and o.tenant = '{{tenantId}}'
          )
        order by c.first
        limit 1
        """);

    // As somebody does who takes its carrier for dead.
    private Task<object?> TakeAwayAsync() => bank.ExecuteAsync($$"""
        update {schema}.checkpoints
        set owner = null, epoch = nextval('{schema}.epochs')
        where subscription = '{{_name}}' and random() < 0.5
        """);

    private Task<object?> EndConnectionsAsync() => bank.ExecuteAsync(
        $"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{_carrier}' and random() < 0.5");

    // Before a tenant that is behind: its events would not be handled else.
    private async Task MoveAllBackAsync(Random random)
    {
        var status = await SubscriptionStore.StatusAsync(bank.Store, _name);
        var to = random.NextInt64(status.Ranges.Min(static range => range.Position) + 1);
        foreach (var tenantId in Tenants)
            _rewinds.AddOrUpdate(tenantId, 1, static (_, count) => count + 1);

        await (random.Next(2) == 0
            ? Controls.RewindAsync(_name, to, Token)
            : Controls.ResetAsync(_name, to, Token));
    }

    private async Task MergeAsync(int ranges)
    {
        try
        {
            await Controls.MergeAsync(_name, ranges, Token);
        }
        catch (InvalidOperationException)
        {
            // A tenant is paused.
        }
        catch (SubscriptionStoppedException)
        {
            // The same, seen later.
        }
    }

    private async Task AppendAsync(Random random)
    {
        for (var count = random.Next(1, 30); count > 0; count--)
            await AppendAsync(Tenants[random.Next(Tenants.Length)], count: 1, random);
    }

    private async Task AppendAsync(string tenantId, int count, Random random)
    {
        await using var session = bank.Store.OpenSession(tenantId);
        for (; count > 0; count--)
        {
            var stream = $"{tenantId} {random.Next(4)}";
            var number = _written[stream] = _written.GetValueOrDefault(stream) + 1;
            session.Events.Append($"{_prefix}{stream}", new NoteTaken($"{number}"));
        }

        await session.SaveChangesAsync(Token);
    }

    private EventStore Store(int seed)
    {
        var random = new Random(seed);
        return bank.CreateStore(options =>
        {
            options.Connection(
                new NpgsqlConnectionStringBuilder(bank.StoreConnectionString) { ApplicationName = _carrier }.ConnectionString);
            options.WaitClock = new FastClock();
            options.Subscriptions.Add(_name, subscription => subscription
                .Filter(filter => filter.OfStreams(_prefix))
                .PartitionByStream(2)
                .ShareFairly()
                .OnError(0, FailedEvent.Park)
                .Handle((@event, context) => HandleAsync(@event, context, random)));
        });
    }

    private async Task HandleAsync(IEvent @event, SubscriptionContext context, Random random)
    {
        if (@event.TenantId.Value == _slow)
            await Task.Delay(8, context.CancellationToken);

        lock (random)
        {
            if (random.Next(30) == 0)
                throw new InvalidOperationException("by chance");
        }

        context.Session.Events.Append($"seen-{@event.StreamId}", @event.Data);
    }

    private static async Task<IDaemon> StartAsync(EventStore store)
    {
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await PersistAsync(() => daemon.StartAsync(Token));
        return daemon;
    }

    private static Task CatchUpAsync(IDaemon daemon) => PersistAsync(() => daemon.CatchUpAsync(Token));

    // Its connections are ended.
    private static async Task PersistAsync(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (NpgsqlException)
            {
            }
        }
    }
}
