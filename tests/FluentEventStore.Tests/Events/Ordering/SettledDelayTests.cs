using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Tests.Events;

public sealed class SettledDelayTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SettledDelay _delay;

    public SettledDelayTests()
    {
        // Without a logger, nobody is to be named, and the database is not asked.
        var nowhere = new Database(
            new ConnectionSource(static _ => throw new InvalidOperationException("The database was asked.")),
            static _ => Task.CompletedTask);
        _delay = new SettledDelay(StoreTelemetry.Unnamed, new LogLocks(nowhere, new SqlIdentifier("s")), _clock);
    }

    public ValueTask DisposeAsync() => _delay.DisposeAsync();

    [Fact]
    public void Numbers_that_no_event_has_are_no_lag()
    {
        _delay.Note(new Settled(Position: 5, Last: 9, HeldBackAt: null, IsStandby: false));

        _delay.Lag.ShouldBe(new LogLag(0, TimeSpan.Zero));
    }

    [Fact]
    public void A_look_counts_for_ten_seconds()
    {
        _delay.Lag.ShouldBeNull();
        _delay.Note(new Settled(5, 9, HeldBackAt: 5, IsStandby: false));
        _clock.Advance(TimeSpan.FromSeconds(9));
        _delay.Lag.ShouldBe(new LogLag(4, TimeSpan.FromSeconds(9)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        _delay.Lag.ShouldBeNull();
    }

    [Fact]
    public void A_delay_lasts_while_the_settled_position_is_held_where_it_is()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var (position, last, now, since) = (0L, 0L, TimeSpan.Zero, default(TimeSpan?));
        for (var look = 0; look < 2_000; look++)
        {
            var pause = TimeSpan.FromMilliseconds(random.Next(9_000));
            _clock.Advance(pause);
            now += pause;

            var before = position;
            last += random.Next(3);
            position = random.Next(3) == 0 ? random.NextInt64(position, last + 1) : position;
            var isHeld = position < last && random.Next(10) > 0;
            _delay.Note(new Settled(position, last, isHeld ? position : null, IsStandby: false));

            since = !isHeld ? null : position == before ? since ?? now : now;
            var sinceThen = TimeSpan.FromMilliseconds(random.Next(500));
            _clock.Advance(sinceThen);
            now += sinceThen;
            _delay.Lag.ShouldBe(new LogLag(isHeld ? last - position : 0, since is { } began ? now - began : TimeSpan.Zero), $"look {look}");
        }
    }
}
