using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(5, FailedEvent.Stop, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    [Fact]
    public void Each_pause_is_twice_the_one_before_up_to_the_longest() =>
        Enumerable.Range(1, 6).Select(static calls => Policy.PauseAfter(calls, chance: 0).TotalMilliseconds)
            .ShouldBe([100, 200, 400, 800, 1000, 1000]);

    [Fact]
    public void Chance_takes_away_up_to_a_quarter()
    {
        Policy.PauseAfter(2, chance: 1).TotalMilliseconds.ShouldBe(150);
        Policy.PauseAfter(2, chance: 0.5).TotalMilliseconds.ShouldBe(175);
        Policy.PauseAfter(6, chance: 1).TotalMilliseconds.ShouldBe(750);
    }

    [Fact]
    public void A_pause_is_finite_however_often_a_call_has_failed() =>
        Policy.PauseAfter(int.MaxValue, chance: 0).ShouldBe(TimeSpan.FromSeconds(1));

    [Fact]
    public void Outages_are_waited_out_in_steps_of_at_most_five_seconds()
    {
        RetryPolicy.PauseOfOutage(1, chance: 0).ShouldBe(TimeSpan.FromMilliseconds(250));
        RetryPolicy.PauseOfOutage(1000, chance: 0).ShouldBe(TimeSpan.FromSeconds(5));
    }
}
