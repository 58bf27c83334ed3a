using FluentEventStore.PostgresTests.Models;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Projections;

/// <remarks>FLUENTEVENTSTORE_LONG=1 takes 20,000 steps.</remarks>
public sealed class VersionModelTests(PostgresServer server)
{
    private static readonly int Steps = LongForm.Of(200, 20_000);

    [Fact]
    public async Task However_an_aggregate_is_read_it_comes_with_the_same_stored_version_and_no_two_states_have_the_same()
    {
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await bank.ApplyAsync(Keep);
        var time = new FakeTimeProvider(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var keeper = CreateStore(bank, time, Keep);
        await using var live = CreateStore(bank, time, static options => options.Projections.SnapshotLive<Notebook>(every: 2));
        await using var bare = CreateStore(bank, time, static options => options.Events.GroupCommit.IsEnabled = false);
        var run = new VersionModelRun(bank, keeper, [live, bare], time, Random.Shared.Next());

        await run.RunAsync(Steps);

        run.Seen.ShouldBeGreaterThan(Steps / 4);
    }

    private static void Keep(EventStoreOptions options) => options.Projections.Snapshot<Notebook>(ProjectionLifecycle.Inline);

    private static EventStore CreateStore(BankStore bank, FakeTimeProvider time, Action<EventStoreOptions> configure) =>
        bank.CreateStore(options =>
        {
            options.TimeProvider = time;
            options.Events.AllowHardDelete = true;
            for (var number = 3; number < 1_000; number += 10)
                options.Events.Retention.ForStream($"s-{number}", ModelRun.KeepLast($"s-{number}")!.Value);
            configure(options);
        });
}
