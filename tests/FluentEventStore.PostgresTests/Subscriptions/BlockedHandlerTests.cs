using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Telemetry;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Handlers that keep their thread, heed no token and have no time limit. Who is to end at once does not wait for them.</summary>
public sealed class BlockedHandlerTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly LogRecorder _log = new();
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception?> _late = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string Out => $"{_prefix}out";

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_daemon_that_is_stopped_at_once_leaves_the_call_behind_and_another_carries_the_range()
    {
        await using var store = Store(Block);
        await using var daemon = await BlockAsync(store);
        await daemon.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Patience, Token);
        (await OwnersAsync()).ShouldBe(0L);
        LeftBehind().ShouldBe(1);

        await using var other = Store(Note);
        await using var next = await SubscriptionStore.CatchUpAsync(other, DaemonMode.HotCold);
        _gate.Set();
        (await _late.Task.WaitAsync(Patience, Token)).ShouldBeOfType<ObjectDisposedException>();
        await bank.AppendAsync($"{_prefix}b", new NoteTaken("2"));
        await next.CatchUpAsync(Token);
        (await bank.FetchAsync(Out)).Select(note => ((NoteTaken)note.Data).Text).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_daemon_that_waits_for_the_call_leaves_it_behind_once_its_time_is_over()
    {
        await using var store = Store(Block);
        await using var daemon = await BlockAsync(store);
        using var time = new CancellationTokenSource();
        var stopping = daemon.StopAsync(time.Token);
        await Task.WhenAny(stopping, Task.Delay(2500, Token));
        stopping.IsCompleted.ShouldBeFalse("it ends after the events at hand");
        (await OwnersAsync()).ShouldBe(1L);
        await time.CancelAsync();
        await stopping.WaitAsync(Patience, Token);
        (await OwnersAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_store_is_disposed_with_its_daemon_and_the_call_finds_out_when_it_returns()
    {
        var store = Store(Block);
        var daemon = await BlockAsync(store);
        await daemon.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await store.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        _gate.Set();
        (await _late.Task.WaitAsync(Patience, Token)).ShouldBeOfType<ObjectDisposedException>();
        (await bank.FetchAsync(Out)).ShouldBeEmpty();
        (await OwnersAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_store_that_is_disposed_ends_its_daemons_though_a_call_has_a_session_and_has_written_with_it()
    {
        var store = Store(context =>
        {
            var session = context.Session;
            session.Events.Append(Out, new NoteTaken("before"));
            Wait();
            session.Events.Append(Out, new NoteTaken("after"));
            _late.TrySetResult(null);
            return Task.CompletedTask;
        });
        await BlockAsync(store);
        await store.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        _gate.Set();
        await _late.Task.WaitAsync(Patience, Token);
        (await bank.FetchAsync(Out)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_daemon_ends_though_a_call_blocks_whose_range_was_taken_from_it_before()
    {
        await using var store = Store((@event, context) => _entered.Task.IsCompleted ? Note(@event, context) : Block(context));
        await using var daemon = await BlockAsync(store);
        await store.Subscriptions.RewindAsync(_name, 0, Token);
        await daemon.CatchUpAsync(Token);
        await daemon.StopAsync(Token).WaitAsync(Patience, Token);
        LeftBehind().ShouldBe(1);
        (await bank.FetchAsync(Out)).Select(note => ((NoteTaken)note.Data).Text).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_daemon_ends_though_what_a_handler_registered_with_its_token_does_not_return()
    {
        await using var store = Store(async context =>
        {
            await Task.Yield();
            using var registered = context.CancellationToken.UnsafeRegister(_ => _gate.Wait(CancellationToken.None), null);
            _entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        await using var daemon = await BlockAsync(store);
        await daemon.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Patience, Token);
        (await OwnersAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task A_daemon_that_many_stop_and_dispose_at_the_same_time_ends_for_all_of_them_and_once()
    {
        await using var store = Store(Block);
        var daemon = await BlockAsync(store);
        var stopping = Enumerable.Range(0, 4).Select(_ => Task.Run(() => daemon.StopAsync(Token), Token)).ToList();
        await Task.WhenAny([.. stopping, Task.Delay(500, Token)]);
        stopping.ShouldAllBe(static one => !one.IsCompleted, "they wait for the event at hand");

        // Disposal has no time.
        List<Task> all = [.. stopping, .. Enumerable.Range(0, 4).Select(_ => Task.Run(() => daemon.DisposeAsync().AsTask(), Token))];
        await Task.WhenAll(all).WaitAsync(Patience, Token);
        await daemon.StopAsync(Token).WaitAsync(Patience, Token);
        (await OwnersAsync()).ShouldBe(0L);
        LeftBehind().ShouldBe(1);
    }

    // Whoever blocks uses its session only after that.
    private Task Block(SubscriptionContext context)
    {
        Wait();
        try
        {
            context.Session.Events.Append(Out, new NoteTaken("late"));
            _late.TrySetResult(null);
        }
        catch (Exception failure)
        {
            _late.TrySetResult(failure);
        }

        return Task.CompletedTask;
    }

    private void Wait()
    {
        _entered.TrySetResult();
        _gate.Wait(CancellationToken.None);
    }

    private Task Note(IEvent @event, SubscriptionContext context)
    {
        context.Session.Events.Append(Out, new NoteTaken(((NoteTaken)@event.Data).Text));
        return Task.CompletedTask;
    }

    private async Task<IDaemon> BlockAsync(EventStore store)
    {
        await bank.AppendAsync($"{_prefix}a", new NoteTaken("1"));
        var daemon = store.BuildDaemon(DaemonMode.HotCold);
        await daemon.StartAsync(Token);
        await _entered.Task.WaitAsync(Patience, Token);
        return daemon;
    }

    private int LeftBehind() => _log.Of(1813).Count;

    private Task<object?> OwnersAsync() =>
        bank.ExecuteAsync($$"""select count(owner) from {schema}.checkpoints where subscription = '{{_name}}'""");

    private EventStore Store(Func<SubscriptionContext, Task> handle) => Store((_, context) => handle(context));

    private EventStore Store(Func<IEvent, SubscriptionContext, Task> handle) => bank.With(
        _name,
        subscription => subscription.Filter(filter => filter.OfStreams(_prefix)).Where(NotOut).Handle(handle),
        options => options.LoggerFactory = _log);

    private bool NotOut(IEvent @event) => @event.StreamId.Value != Out;
}
