using System.Globalization;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

public sealed class PullWorkerModelTests
{
    private const int Steps = 250;

    private static readonly int Histories = LongForm.Of(3000, 1_000_000);

    [Fact]
    public void Whatever_goes_wrong_each_event_is_handled_and_in_the_order_of_its_key()
    {
        var seed = Random.Shared.Next(1_000_000_000);
        for (var number = 0; number < Histories; number++)
        {
            if (Run(seed + number, PullFaults.None) is { } wrong)
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"History {seed + number}: {wrong}"));
        }
    }

    [Fact]
    public void Where_nothing_goes_wrong_each_event_is_handled_once()
    {
        var seed = Random.Shared.Next(1_000_000_000);
        for (var number = 0; number < Histories; number++)
        {
            if (Run(seed + number, PullFaults.None, isCalm: true) is { } wrong)
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"History {seed + number}: {wrong}"));
        }
    }

    [Theory]
    [InlineData(nameof(PullFaults.EpochNotCompared))]
    [InlineData(nameof(PullFaults.CheckpointByHighestAnswer))]
    [InlineData(nameof(PullFaults.AnsweredWhenDelivered))]
    [InlineData(nameof(PullFaults.RewindKeepsEpoch))]
    [InlineData(nameof(PullFaults.ParkedApart))]
    [InlineData(nameof(PullFaults.FreedTooEarly))]
    [InlineData(nameof(PullFaults.ParkedIsOvertaken))]
    [InlineData(nameof(PullFaults.UnknownIsTakenForWritten))]
    public void A_planted_mistake_is_seen(string fault)
    {
        var seed = Random.Shared.Next(1_000_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        Enumerable.Range(seed, 20_000).Any(number => Run(number, Enum.Parse<PullFaults>(fault)) is not null).ShouldBeTrue();
    }

    private static string? Run(int seed, PullFaults faults, bool isCalm = false)
    {
        try
        {
            new PullHistory(seed, faults, isCalm).Run(Steps);
            return null;
        }
        catch (ModelException wrong)
        {
            return wrong.Message;
        }
    }
}
