using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>A follower in a process of its own, as far as a store can stand for one. It goes on only if it is woken.</summary>
internal sealed class ListeningFollower : IAsyncDisposable
{
    private readonly SleepyClock _clock = new();
    private readonly IAsyncEnumerator<IEvent> _events;
    private readonly BankStore _bank;
    private Task<string> _next;
    private int _slept;

    private ListeningFollower(BankStore bank, Action<EventStoreOptions>? configure, LogStart start)
    {
        Application = $"follower of {bank.Schema}";
        Store = bank.CreateStore(options =>
        {
            options.WaitClock = _clock;
            configure?.Invoke(options);
            if (!options.SaysWhereToConnect)
                options.Connection($"{bank.StoreConnectionString};Application Name={Application}");
        });
        _bank = bank;
        _events = Store.Log.FollowAsync(start, Cancelled).GetAsyncEnumerator(Cancelled);
        _next = MoveAsync();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public EventStore Store { get; }

    /// <summary>How its connections are named; the one that listens adds to it.</summary>
    public string Application { get; }

    /// <summary>One at the end of the log, which listens and sleeps.</summary>
    public static async Task<ListeningFollower> StartAsync(BankStore bank, Action<EventStoreOptions>? configure = null)
    {
        var follower = new ListeningFollower(bank, configure, await bank.StartHereAsync());
        await follower.SleepsAsync();
        return follower;
    }

    /// <summary>One at the end of the log, which sleeps.</summary>
    public static async Task<ListeningFollower> StartDeafAsync(BankStore bank, Action<EventStoreOptions> configure)
    {
        var follower = new ListeningFollower(bank, configure, await bank.StartHereAsync());
        await follower.SleepsDeafAsync();
        return follower;
    }

    public Task<long> CountListenersAsync() => _bank.CountConnectionsAsync($"{Application} listener");

    /// <summary>Waits until it listens, has looked once since, and would not look again by itself.</summary>
    public async Task SleepsAsync()
    {
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                if (await IsListeningAsync())
                    return true;

                _slept = _clock.Sleeps;
                return false;
            },
            "it listens");
        await SleepsDeafAsync();
    }

    /// <summary>Waits until it has fallen asleep once more, whether it listens or not.</summary>
    public async Task SleepsDeafAsync()
    {
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_clock.Sleeps > _slept), "it sleeps");
        _slept = _clock.Sleeps;
    }

    public async Task<bool> IsListeningAsync() =>
        (await Store.ListDatabasesAsync(Cancelled)).Single().IsListening;

    /// <summary>The text of the next event.</summary>
    public async Task<string> NextAsync()
    {
        var text = await _next.WaitAsync(Eventually.HangGuard, Cancelled);
        _next = MoveAsync();
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _next.ContinueWith(static next => next.Exception, TaskScheduler.Default);
        await _events.DisposeAsync();
    }

    private async Task<string> MoveAsync()
    {
        (await _events.MoveNextAsync()).ShouldBeTrue();
        return ((NoteTaken)_events.Current.Data).Text;
    }
}
