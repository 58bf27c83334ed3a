using System.Globalization;
using FluentEventStore.Tests.Subscriptions;
using FluentEventStore.Tests.Subscriptions.Pulling;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>The models of workers (tests/FluentEventStore.Tests/Subscriptions) in many more histories.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 tries ten times as many.</remarks>
public sealed class WorkerModelTests
{
    private const int Steps = 120;
    private const int StepsOfPulled = 250;

    private static readonly int Histories = LongForm.Of(100_000, 1_000_000);
    private static readonly int HistoriesOfPulled = LongForm.Of(40_000, 400_000);

    [Fact]
    public void Whatever_goes_wrong_each_event_takes_effect_once_and_in_the_order_of_its_key() =>
        Try(Histories, static seed => new ModelHistory(seed, ModelFaults.None).Run(Steps));

    [Fact]
    public void Whatever_goes_wrong_each_event_is_pulled_and_answered_in_the_order_of_its_key() =>
        Try(HistoriesOfPulled, static seed => new PullHistory(seed, PullFaults.None).Run(StepsOfPulled));

    private static void Try(int histories, Action<int> run)
    {
        var first = Random.Shared.Next(1_000_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seeds from {first} on");
        Parallel.For(0, histories, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, number =>
        {
            try
            {
                run(first + number);
            }
            catch (ModelException wrong)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"History {first + number}: {wrong.Message}"));
            }
        });
    }
}
