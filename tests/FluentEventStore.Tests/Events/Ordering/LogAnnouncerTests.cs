using FluentEventStore.Events;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.Tests.Events;

public sealed class LogAnnouncerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly NpgsqlDataSource _nowhere = NpgsqlDataSource.Create("Host=nowhere.invalid;Maximum Pool Size=1");
    private readonly SemaphoreSlim _asked = new(0);
    private readonly AsyncLocal<string?> _ofCaller = new();
    private readonly LogAnnouncer _announcer;
    private string? _seen;
    private bool _fails;
    private TaskCompletionSource? _held;

    public LogAnnouncerTests()
    {
        // A pool of one connection is left alone: that it was asked for is all that happens.
        var source = new ConnectionSource(async _ =>
        {
            _seen = _ofCaller.Value;
            _asked.Release();
            if (_held is { } held)
                await held.Task;

            return _fails ? throw new InvalidOperationException() : _nowhere;
        });
        _announcer = new LogAnnouncer(new NotificationChannel(source, new SqlIdentifier("c")), StoreTelemetry.Unnamed, _clock);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_commit_is_told_and_then_the_first_after_each_pause()
    {
        for (var burst = 0; burst < 3; burst++)
        {
            for (var commit = 1; commit < 100; commit++)
            {
                _announcer.Committed(commit);
                _clock.Advance(LogAnnouncer.Pause / 2);
            }

            await ToldAsync();
            _clock.Advance(LogAnnouncer.Pause);
        }

        await _announcer.DisposeAsync();
        _asked.CurrentCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_another_process_has_just_told_woke_everybody()
    {
        _announcer.Heard();
        _announcer.Committed(1);

        await _announcer.DisposeAsync();
        _asked.CurrentCount.ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_while_one_is_being_told_is_told_as_one()
    {
        _held = new TaskCompletionSource();
        _announcer.Committed(1);
        await ToldAsync();
        for (var commit = 2; commit < 5; commit++)
        {
            _clock.Advance(LogAnnouncer.Pause);
            _announcer.Committed(commit);
        }

        _held.SetResult();

        await ToldAsync();
        await _announcer.DisposeAsync();
        _asked.CurrentCount.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_failure_nothing_is_told_for_a_second()
    {
        _fails = true;
        _announcer.Committed(1);
        await ToldAsync();
        for (var commit = 2; commit < 5; commit++)
        {
            _clock.Advance(LogAnnouncer.Pause);
            _announcer.Committed(commit);
        }

        _asked.CurrentCount.ShouldBe(0);
        _fails = false;
        while (!await _asked.WaitAsync(TimeSpan.FromMilliseconds(1), Cancelled))
            _clock.Advance(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Nothing_is_told_once_the_store_is_disposed()
    {
        _fails = true;
        _announcer.Committed(1);
        await ToldAsync();
        await _announcer.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        _announcer.Committed(2);

        _asked.CurrentCount.ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_of_the_caller_is_carried_along()
    {
        _ofCaller.Value = "caller";
        _announcer.Committed(1);
        await ToldAsync();

        _seen.ShouldBeNull();
    }

    [Fact]
    public void Listening_is_tried_again_after_longer_and_longer_pauses()
    {
        var pace = new ListeningPace();

        Enumerable.Range(0, 8).Select(_ => pace.Lost().TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30]);
        pace.Works();
        pace.Lost().ShouldBe(ListeningPace.Shortest);
    }

    public async ValueTask DisposeAsync()
    {
        await _announcer.DisposeAsync();
        await _nowhere.DisposeAsync();
        _asked.Dispose();
    }

    private async Task ToldAsync() => (await _asked.WaitAsync(TimeSpan.FromMinutes(1), Cancelled)).ShouldBeTrue();
}
