using System.Collections.Concurrent;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

/// <summary>Subscriptions, which a daemon of the process carries.</summary>
internal sealed class SubscriptionChecks(string connectionString, string schema)
{
    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _handled = new();
    private bool _isMended;

    public async Task CarryAsync()
    {
        await using var store = Open();
        await using var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync();
        var commit = await AppendAsync(store, "a");
        await daemon.CatchUpAsync();
        await store.WaitForAsync(commit, $"{_run}-each", TimeSpan.FromSeconds(30));
        await store.WaitForAsync(commit, [$"{_run}-pages", $"{_run}-stream"], TimeSpan.FromSeconds(30));
        Equal(true, _handled.Contains("each"));
        Equal(true, _handled.Contains("pages"));
        Equal(true, _handled.Contains("stream"));
        Equal(true, _handled.Contains("handler"));
        await daemon.StopAsync();
    }

    public async Task ControlAsync()
    {
        await using var store = Open();
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        var (name, subscriptions) = ($"{_run}-each", store.Subscriptions);
        await subscriptions.PauseAsync(name);
        Equal(SubscriptionState.Paused, await StateAsync(store, name));
        await subscriptions.ResumeAsync(name);
        await subscriptions.PauseAsync(name, "nobody");
        await subscriptions.RewindAsync(name, "nobody", 0);
        await subscriptions.ResumeAsync(name, "nobody");
        await subscriptions.RewindAsync(name, 0);
        await subscriptions.ResetAsync(name, await subscriptions.PositionAtAsync(DateTimeOffset.MinValue));
        Equal(4, await subscriptions.SplitAsync(name, 4));
        Equal(2, await subscriptions.MergeAsync(name, 2));
        await subscriptions.RepartitionAsync(name, Partition.By("all", static _ => "").Name);
        Equal(true, await subscriptions.DeleteAsync(name));
    }

    public async Task ParkAsync()
    {
        await using var store = Open();
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync();
        var (name, subscriptions) = ($"{_run}-bad", store.Subscriptions);
        await AppendAsync(store, "p");
        await daemon.CatchUpAsync();
        Equal(true, (await subscriptions.ListParkedAsync(name)).Count > 0);
        var parked = (await subscriptions.ListParkedAsync(name, 0, 1)).Single();
        Equal(FailureKind.HandlerFailed, parked.Failure.Kind);
        _isMended = true;
        Equal(true, await subscriptions.ReplayParkedAsync(parked, 1));
        Equal(true, await subscriptions.ReplayParkedAsync(name, 1) >= 0);
        await subscriptions.ReplayParkedAsync(parked);
        await subscriptions.DropParkedAsync(parked, "unwanted");
        await subscriptions.DropParkedAsync(parked, "unwanted", 2);
        while ((await subscriptions.StatusAsync()).Single(one => one.Name == name).Parked > 0)
            await subscriptions.ReplayParkedAsync(name);
    }

    private static async Task<SubscriptionState> StateAsync(EventStore store, string name) =>
        (await store.Subscriptions.StatusAsync()).Single(one => one.Name == name).State;

    private async Task<Commit> AppendAsync(EventStore store, string stream)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"{_run}-{stream}", new AccountOpened("Ada", Currency.Euro));
        return await session.SaveChangesAsync();
    }

    private EventStore Open() => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = schema;
        options.Subscriptions.Lease = TimeSpan.FromSeconds(2);
        options.Subscriptions.Writers = 2;
        options.Subscriptions.MaxParkedKeys = 10;
        options.Subscriptions.TenantInterval = TimeSpan.FromSeconds(5);
        options.Subscriptions
            .Add($"{_run}-each", subscription => subscription
                .FromBeginning()
                .ForCategory(_run)
                .Where(static @event => @event.Version > 0)
                .PartitionBy(Partition.ByStream)
                .HandlerTimeout(TimeSpan.FromSeconds(30))
                .Version(1)
                .Handle((_, _) => Note("each")))
            .Add($"{_run}-pages", subscription => subscription
                .FromPosition(0)
                .Filter(filter => filter.OfStreams(_run))
                .ForEvents<AccountOpened, AccountClosed>()
                .PartitionByStream(2)
                .ShareFairly()
                .HandlePages((_, _) => Note("pages")))
            .Add($"{_run}-stream", subscription => subscription
                .FromTime(DateTimeOffset.MinValue)
                .ForStream($"{_run}-a")
                .Handle((_, _) => Note("stream")))
            .Add($"{_run}-other", subscription => subscription
                .FromPresent()
                .ForStream($"{_run}-a", TenantId.Default)
                .ForEvents<AccountOpened, AccountClosed, OwnerNamed>()
                .OnError(1, FailedEvent.Skip)
                .Handle(static (_, _) => Task.CompletedTask))
            .Add($"{_run}-handler", subscription => subscription
                .PartitionBy(Partition.ByCorrelation, 2)
                .Handle(new Noting(_handled)))
            .Add($"{_run}-bad", subscription => subscription
                .ForEvents<AccountOpened>()
                .Filter(filter => filter.OfStream($"{_run}-p"))
                .OnError(0, FailedEvent.Park, TimeSpan.Zero, TimeSpan.Zero)
                .Handle((_, _) => _isMended ? Task.CompletedTask : throw new InvalidOperationException("It is bad.")));
    });

    private Task Note(string name)
    {
        _handled.Enqueue(name);
        return Task.CompletedTask;
    }
}
