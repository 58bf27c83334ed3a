using System.Diagnostics;
using FluentEventStore.Proofs.Events.Ordering.Racing;

namespace FluentEventStore.Proofs.Events.Ordering;

/// <summary>The race would see the mistakes that lead to the loss of events.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 tries each mistake with 20 seeds.</remarks>
public sealed class PlantedFaultTests(PostgresServer server)
{
    public static TheoryData<string> Faults => [.. PlantedFault.All.Select(static fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_mistake_that_loses_events_is_detected(string name)
    {
        var fault = PlantedFault.All.Single(fault => fault.Name == name);
        var seed = Environment.TickCount;
        var seeds = LongForm.Of(1, 20);
        var caught = 0;
        for (var round = 0; round < seeds; round++)
            caught += await IsCaughtAsync(fault, seed + round) ? 1 : 0;

        caught.ShouldBeGreaterThanOrEqualTo(LongForm.Of(1, 19), $"seeds from {seed} on");
    }

    /// <summary>Whether short races lose an event. Usually the first does; on a busy machine it may take many.</summary>
    private async Task<bool> IsCaughtAsync(PlantedFault fault, int seed)
    {
        var watch = Stopwatch.StartNew();
        for (var attempt = 0; attempt < 25; attempt++)
        {
            await using var bank = new BankStore(server);
            await bank.InitializeAsync();

            // The store checks what its order rests on before the test spoils it.
            await bank.Store.Log.StatusAsync(TestContext.Current.CancellationToken);
            await fault.PlantAsync(bank);
            var race = new Race(bank, seed + 7919 * attempt)
            {
                TransactionsPerWriter = 20,
                LargeSize = 30,
                LongestPause = TimeSpan.FromMilliseconds(30),
                LongestRest = TimeSpan.FromMilliseconds(30),
                BurstInterval = fault.BurstInterval,
                PrepareWriter = fault.PrepareWriter?.Replace("{schema}", bank.Schema, StringComparison.Ordinal),
                Readers = [fault.Reader],
            };
            var outcome = (await race.RunAsync()).Single();
            Report($"{fault.Name}, seed {race.Seed}: {outcome}, {watch.Elapsed}");
            if (outcome.Lost > 0)
                return true;
        }

        return false;
    }

    private static void Report(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
