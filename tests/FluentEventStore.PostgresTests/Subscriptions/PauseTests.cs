using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

public sealed class PauseTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SubscriptionStore _bank = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_pause_that_is_over_before_it_begins_ends_at_once()
    {
        var calls = 0;
        await _bank.AppendAsync("some", new NoteTaken("a"));

        // From one look at the clock to the next passes most of a pause: at the second one it is over by a millisecond, or by two.
        var pause = TimeSpan.FromMilliseconds(1.9);
        await using var store = _bank.CreateStore(options =>
        {
            options.WaitClock = new SlowClock(TimeSpan.FromMilliseconds(1.5));
            options.Subscriptions.Add("notes", subscription => subscription
                .OnError(retries: 50, FailedEvent.Stop, pause, pause)
                .Handle((_, _) => ++calls <= 50 ? throw new NotSupportedException("It is bad.") : Task.CompletedTask));
        });
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));

        await daemon.CatchUpAsync(limit.Token);

        calls.ShouldBe(51);
    }

    /// <summary>A clock that goes on by more than the time whenever somebody looks at it, as if the thread had stood still.</summary>
    private sealed class SlowClock(TimeSpan step) : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() =>
            base.GetTimestamp() + (long)(Interlocked.Increment(ref _looks) * step.TotalSeconds * Stopwatch.Frequency);
    }
}
