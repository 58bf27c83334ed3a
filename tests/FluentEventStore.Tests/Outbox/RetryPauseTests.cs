using FluentEventStore.Outbox;

namespace FluentEventStore.Tests.Outbox;

public sealed class RetryPauseTests
{
    [Fact]
    public void There_are_five_attempts_within_a_second_then_pauses_double_to_a_minute_then_each_five_minutes_there_is_an_alarm()
    {
        var pauses = Enumerable.Range(1, 20).Select(static attempts => RetryPause.After(new MessageOptions(), attempts)).ToList();

        pauses.Take(4).Sum(static pause => pause.Pause.TotalSeconds).ShouldBe(0.75, 0.001);
        pauses.Take(12).Select(static pause => pause.Pause.TotalMilliseconds).ShouldBe(
            [50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000]);
        pauses.Take(12).ShouldAllBe(static pause => !pause.IsAlarm);
        pauses.Skip(12).ShouldAllBe(static pause => pause.IsAlarm && pause.Pause == TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void The_longest_pause_may_be_the_first()
    {
        var options = new MessageOptions { FirstPause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromSeconds(1) };

        RetryPause.After(options, 1).ShouldBe(new RetryPause(TimeSpan.FromSeconds(1), IsAlarm: false));
        RetryPause.After(options, 2).ShouldBe(new RetryPause(TimeSpan.FromMinutes(5), IsAlarm: true));
        RetryPause.After(options, int.MaxValue).IsAlarm.ShouldBeTrue();
    }
}
