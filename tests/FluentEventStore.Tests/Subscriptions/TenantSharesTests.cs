using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

public sealed class TenantSharesTests
{
    private readonly TenantShares _shares = new();

    [Fact]
    public void A_tenant_that_takes_more_than_half_of_five_seconds_takes_too_much()
    {
        _shares.Give("red", At(0));
        _shares.Give("blue", At(3));
        _shares.TakeTooMuch(At(4.9)).ShouldBeNull();
        _shares.TakeTooMuch(At(5)).ShouldBe("red");
    }

    [Fact]
    public void Of_few_that_take_the_same_one_takes_too_much_when_the_range_stays_behind_for_others_may_wait_behind_them()
    {
        string[] slow = ["red", "blue", "green"];
        for (var number = 0; number < 360; number++)
        {
            _shares.Give(slow[number % slow.Length], At(number * 0.05));
            if (number is 120 or 240)
                _shares.TakeTooMuch(At(number * 0.05)).ShouldBeNull();
        }

        _shares.TakeTooMuch(At(18)).ShouldBeOneOf(slow);
    }

    [Fact]
    public void Of_many_that_take_the_same_nobody_ever_does()
    {
        for (var number = 0; number < 2000; number++)
        {
            _shares.Give($"{number % 20}", At(number * 0.05));
            _shares.TakeTooMuch(At(number * 0.05)).ShouldBeNull();
        }
    }

    [Fact]
    public void A_tenant_whose_few_events_are_slow_takes_too_much_whoever_is_next()
    {
        for (var second = 0; second < 5; second++)
        {
            _shares.Give("red", At(second));
            for (var number = 0; number < 40; number++)
                _shares.Give(number % 2 == 0 ? "blue" : "green", At(second + 0.6 + (number * 0.01)));
        }

        _shares.TakeTooMuch(At(5)).ShouldBe("red");
    }

    [Fact]
    public void Three_that_are_slow_among_many_come_apart_one_after_the_other()
    {
        string[] slow = ["red", "blue", "green"];
        List<string?> apart = [];
        for (var window = 0; window < 4; window++)
        {
            for (var number = 0; number < 100; number++)
            {
                var tenant = number < 90 ? slow[number % slow.Length] : $"quick {number}";
                _shares.Give(apart.Contains(tenant) ? $"quick {number}" : tenant, At((window * 5) + (number * 0.05)));
            }

            apart.Add(_shares.TakeTooMuch(At((window + 1) * 5)));
        }

        apart.ShouldBe([.. slow, null], ignoreOrder: true);
    }

    [Fact]
    public void Each_window_counts_for_itself()
    {
        _shares.Give("red", At(0));
        _shares.Give("blue", At(9));
        _shares.TakeTooMuch(At(10)).ShouldBe("red");
        _shares.TakeTooMuch(At(14.9)).ShouldBeNull();
        _shares.TakeTooMuch(At(15)).ShouldBe("blue");
    }

    [Fact]
    public void Time_in_which_nothing_waits_is_nobodys()
    {
        _shares.Give("red", At(0));
        _shares.Rest();
        _shares.EndsAt.ShouldBeNull();
        _shares.TakeTooMuch(At(100)).ShouldBeNull();
        _shares.Give("red", At(100));
        _shares.EndsAt.ShouldBe(At(105));
        _shares.TakeTooMuch(At(104)).ShouldBeNull();
        _shares.TakeTooMuch(At(105)).ShouldBe("red");
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
