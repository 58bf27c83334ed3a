using FluentEventStore.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Tests.Sessions;

public sealed class StreamLinesTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly StreamLines _lines;

    public StreamLinesTests() => _lines = new StreamLines(_clock, LongestTurn);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_are_given_in_the_order_in_which_they_were_asked_for_and_leave_nothing_behind()
    {
        var first = await EnterAsync("a");
        List<int> order = [];
        var waiting = Enumerable.Range(0, 20).Select(async number =>
        {
            using (await EnterAsync("a"))
                order.Add(number);
        }).ToList();
        waiting.ShouldAllBe(static task => !task.IsCompleted);
        _lines.IsBusy(default, "a").ShouldBeTrue();
        _lines.IsBusy("other", "a").ShouldBeFalse();

        first.Dispose();
        await Task.WhenAll(waiting);

        order.ShouldBe(Enumerable.Range(0, 20));
        _lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Several_streams_are_waited_for_in_one_order_and_held_together()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            await Task.Yield();
            using (await EnterAsync(number % 2 == 0 ? ["a", "b", "a"] : ["b", "a"]))
                await Task.Yield();
        }));

        _lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_line_to_the_others()
    {
        using var cancellation = new CancellationTokenSource();
        var first = await EnterAsync("a");
        var second = _lines.EnterAsync(default, ["z", "a"], Long, cancellation.Token);
        var third = EnterAsync("a");

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        _lines.IsBusy(default, "z").ShouldBeFalse();
        first.Dispose();

        (await third).Dispose();
        _lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_limit_ends_the_wait()
    {
        using var first = await EnterAsync("a");
        using var second = await PassAsync(EnterAsync("a"));
        var third = _lines.EnterAsync(default, ["a"], TimeSpan.FromMilliseconds(300), Cancellation);

        _clock.Advance(TimeSpan.FromMilliseconds(301));

        await Should.ThrowAsync<TimeoutException>(() => third);
        second.Dispose();
        _lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_keeps_a_turn_for_too_long_is_passed_and_ends_no_other_turn()
    {
        var first = await EnterAsync("a");
        var second = EnterAsync("a");
        var third = EnterAsync("a");

        using (await PassAsync(second))
        {
            first.Dispose();
            third.IsCompleted.ShouldBeFalse();
        }

        (await third).Dispose();
        _lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_limit_for_turns_nobody_is_passed()
    {
        var lines = new StreamLines(_clock, Timeout.InfiniteTimeSpan);
        var first = await lines.EnterAsync(default, ["a"], Long, Cancellation);
        var second = lines.EnterAsync(default, ["a"], Timeout.InfiniteTimeSpan, Cancellation);
        var third = lines.EnterAsync(default, ["a"], Long, Cancellation);

        _clock.Advance(Long);

        await Should.ThrowAsync<TimeoutException>(() => third);
        second.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await second).Dispose();
        lines.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_turn_runs_in_the_execution_context_of_whoever_begins_it()
    {
        var flow = new AsyncLocal<string>();
        flow.Value = "first";
        var first = await EnterAsync("a");
        flow.Value = "second";
        var second = Task.Run(async () =>
        {
            using (await EnterAsync("a"))
                return flow.Value;
        }, Cancellation);
        while (!_lines.IsBusy(default, "a") || second.Status == TaskStatus.WaitingToRun)
            await Task.Yield();

        flow.Value = "third";
        first.Dispose();
        (await second).ShouldBe("second");
    }

    [Fact]
    public async Task A_call_that_takes_no_turn_waits_for_a_turn_that_takes_long()
    {
        var passed = TimeSpan.FromMilliseconds(100);
        var first = await EnterAsync("a");
        (await _lines.EnterAsync(default, ["a"], Long, passed, Cancellation)).Dispose();
        _lines.IsBusy(default, "a").ShouldBeTrue();

        _clock.Advance(passed);
        var waiting = _lines.EnterAsync(default, ["a"], Long, passed, Cancellation);
        waiting.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await waiting).Dispose();
        _lines.Count.ShouldBe(0);
    }

    private Task<IDisposable> EnterAsync(params string[] streams) =>
        _lines.EnterAsync(default, streams.Select(static id => (StreamId)id), Long, Cancellation);

    /// <summary>Lets time pass until the next in line passes the one before.</summary>
    private async Task<IDisposable> PassAsync(Task<IDisposable> waiting)
    {
        while (!waiting.IsCompleted)
        {
            _clock.Advance(LongestTurn);
            await Task.Yield();
        }

        return await waiting;
    }
}
