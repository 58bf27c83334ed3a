using System.Globalization;

namespace FluentEventStore.Tests.Subscriptions;

public sealed class WorkerModelTests
{
    private const int Steps = 120;

    private static readonly int Histories = LongForm.Of(3000, 1_000_000);

    [Fact]
    public void Whatever_goes_wrong_each_event_takes_effect_once_and_in_the_order_of_its_key()
    {
        var seed = Random.Shared.Next(1_000_000_000);
        for (var number = 0; number < Histories; number++)
        {
            if (Run(seed + number, ModelFaults.None) is { } wrong)
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"History {seed + number}: {wrong}"));
        }
    }

    [Theory]
    [InlineData(nameof(ModelFaults.EpochNotCompared))]
    [InlineData(nameof(ModelFaults.UnknownIsTakenForFailed))]
    [InlineData(nameof(ModelFaults.CheckpointBeforeWork))]
    [InlineData(nameof(ModelFaults.RewindKeepsEpoch))]
    [InlineData(nameof(ModelFaults.ParkedApart))]
    [InlineData(nameof(ModelFaults.FreedTooEarly))]
    [InlineData(nameof(ModelFaults.MergedAtTheHigher))]
    [InlineData(nameof(ModelFaults.ParkedIsOvertaken))]
    public void A_planted_mistake_is_seen(string fault)
    {
        var seed = Random.Shared.Next(1_000_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        Enumerable.Range(seed, 100_000).Any(number => Run(number, Enum.Parse<ModelFaults>(fault)) is not null).ShouldBeTrue();
    }

    private static string? Run(int seed, ModelFaults faults)
    {
        try
        {
            new ModelHistory(seed, faults).Run(Steps);
            return null;
        }
        catch (ModelException wrong)
        {
            return wrong.Message;
        }
    }
}
