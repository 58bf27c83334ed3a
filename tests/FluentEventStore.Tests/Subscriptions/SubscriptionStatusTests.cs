namespace FluentEventStore.Tests.Subscriptions;

public sealed class SubscriptionStatusTests
{
    [Fact]
    public void It_prints_its_ranges()
    {
        var range = new SubscriptionRangeStatus(0, 63, SubscriptionState.Running, Position: 7, Rate: 1.5, Owner: "here 1", Epoch: 3, null);
        var status = new SubscriptionStatus("mailer", 1, SubscriptionState.Running, 7, Lag: 2, TimeSpan.FromSeconds(1), Parked: 0, [range]);
        $"{status}".ShouldBe(
            "SubscriptionStatus { Name = mailer, Version = 1, State = Running, Position = 7, Lag = 2, LagTime = 00:00:01, Parked = 0, "
                + $"Rate = 1.5, Failure = , Ranges = [{range}] }}");
    }
}
