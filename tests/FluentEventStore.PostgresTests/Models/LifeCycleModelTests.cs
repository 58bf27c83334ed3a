using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Models;

/// <remarks>FLUENTEVENTSTORE_LONG=1 takes 20,000 steps.</remarks>
public sealed class LifeCycleModelTests(PostgresServer server)
{
    private static readonly int Steps = LongForm.Of(200, 20_000);

    [Fact]
    public async Task Units_of_all_verbs_do_to_the_store_what_they_do_to_a_model_in_memory()
    {
        var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using (bank)
        {
            var time = new FakeTimeProvider(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await using var combined = CreateStore(bank, time, static options => options.CombinesFrom = 1);
            await using var direct = CreateStore(bank, time, static options => options.IsEnabled = false);

            await new ModelRun(bank, [combined, direct], time, Random.Shared.Next()).RunAsync(Steps);
        }
    }

    private static EventStore CreateStore(BankStore bank, FakeTimeProvider time, Action<GroupCommitOptions> configure) =>
        bank.CreateStore(options =>
    {
        options.TimeProvider = time;
        options.Events.AllowHardDelete = true;
        for (var number = 3; number < 1_000; number += 10)
            options.Events.Retention.ForStream($"s-{number}", ModelRun.KeepLast($"s-{number}")!.Value);
        configure(options.Events.GroupCommit);
    });
}
