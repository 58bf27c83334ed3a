using System.Diagnostics;
using FluentEventStore.Proofs.Events.Ordering.Racing;

namespace FluentEventStore.Proofs.Events.Ordering;

/// <summary>Nobody who follows the log loses an event, gets one twice or out of order.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 runs it for half an hour.</remarks>
public sealed class OrderRaceTests(PostgresServer server)
{
    [Fact]
    public async Task Readers_lose_nothing_and_get_nothing_twice_or_out_of_order()
    {
        var watch = Stopwatch.StartNew();
        var seed = Environment.TickCount;
        var rounds = 0;
        var committed = 0L;
        do
        {
            var round = seed + rounds++;
            Report($"seed {round}");
            await using var bank = new BankStore(server);
            await bank.InitializeAsync();
            var race = new Race(bank, round)
            {
                Writers = LongForm.Of(12, 24),
                TransactionsPerWriter = LongForm.Of(100, 400),
                LargeSize = 500,
                LongestPause = TimeSpan.FromMilliseconds(LongForm.Of(20, 50)),
                Readers = [Race.FollowAsync, Race.FollowAsync, Race.ReadAllAsync],
            };

            var outcomes = await race.RunAsync();

            outcomes.ShouldAllBe(static outcome => outcome.IsClean, $"seed {round}: {string.Join(", ", outcomes)}");
            outcomes[0].Committed.ShouldBeGreaterThan(1000);
            committed += outcomes[0].Committed;
        }
        while (watch.Elapsed < TimeSpan.FromMinutes(LongForm.Of(0, 30)));

        Report($"{committed} events in {rounds} rounds, {watch.Elapsed}");
    }

    private static void Report(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);
}
