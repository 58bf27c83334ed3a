using System.Diagnostics;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>What races of subscriptions lead to, and that they would see mistakes in the protocol.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 lets them race for half a minute each, and tries each mistake with three seeds.</remarks>
public sealed class SubscriptionRaceTests(PostgresServer server)
{
    public static TheoryData<string> Faults => [.. PlantedFault.All.Select(static fault => fault.Name)];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Every_event_is_handled_once_in_order_whoever_takes_ranges_parks_replays_splits_and_merges(bool parks, bool splits)
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        var race = new SubscriptionRace(bank, Seed())
        {
            Time = TimeSpan.FromSeconds(LongForm.Of(5, 30)),
            Parks = parks,
            Splits = splits,
        };
        var outcomes = await race.RunAsync();
        race.IsDone.ShouldBeTrue();
        outcomes.ShouldAllBe(static outcome => outcome.Value.IsClean);
        race.Events.ShouldBeGreaterThan(100);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_mistake_is_seen(string name)
    {
        var fault = PlantedFault.All.Single(fault => fault.Name == name);
        for (var seeds = 0; seeds < LongForm.Of(1, 3); seeds++)
            (await IsCaughtAsync(fault, Seed())).ShouldBeTrue();
    }

    /// <summary>Whether a race shows it. Usually the first does; on a busy machine it may take several.</summary>
    private async Task<bool> IsCaughtAsync(PlantedFault fault, int seed)
    {
        var watch = Stopwatch.StartNew();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            await using var bank = new BankStore(server);
            await bank.InitializeAsync();
            await fault.PlantAsync(bank);
            var race = new SubscriptionRace(bank, seed + attempt)
            {
                Time = TimeSpan.FromSeconds(2),
                LongestEnd = TimeSpan.FromSeconds(5),
                Parks = fault.Parks,
                Splits = fault.Splits,
            };
            var outcomes = await race.RunAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{fault.Name}: {watch.Elapsed}");

            // What is only late is not lost.
            if (outcomes.Values.Any(outcome => fault.Shows(race.IsDone ? outcome : outcome with { Lost = 0 })))
                return true;
        }

        return false;
    }

    private static int Seed()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return seed;
    }
}
