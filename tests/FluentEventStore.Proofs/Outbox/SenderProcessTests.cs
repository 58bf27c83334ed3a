using FluentEventStore.PostgresTests.Outbox;

namespace FluentEventStore.Proofs.Outbox;

/// <summary>Processes that send messages are killed and paused while messages are published.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 kills and pauses twenty times as many.</remarks>
public sealed class SenderProcessTests(PostgresServer server)
{
    private const int Keys = 7;

    private static readonly int Kills = LongForm.Of(8, 160);
    private static readonly int Pauses = LongForm.Of(3, 60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_message_goes_out_in_the_order_of_its_key_while_senders_are_killed_and_paused_beyond_their_lease()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bank = new OutboxStore(server);
        await bank.InitializeAsync();
        await bank.ExecuteAsync(
            "create table {schema}.effects (at bigint generated always as identity primary key, key text, number integer, fence bigint)");
        await bank.ExecuteAsync("grant insert on {schema}.effects to public");
        var senders = Enumerable.Range(0, 3).Select(_ => SenderProcess.Start(bank.StoreConnectionString, bank.Schema)).ToArray();
        foreach (var sender in senders)
            await sender.WaitUntilReadyAsync();

        using var enough = new CancellationTokenSource();
        var publishing = PublishAsync(bank, enough.Token);
        for (var (kills, pauses) = (0, 0); kills < Kills || pauses < Pauses;)
        {
            var which = random.Next(senders.Length);
            if (random.Next(Kills + Pauses) < Kills)
            {
                kills++;
                await senders[which].DisposeAsync();
                senders[which] = SenderProcess.Start(bank.StoreConnectionString, bank.Schema);
            }
            else
            {
                pauses++;
                await senders[which].WaitUntilReadyAsync();
                await senders[which].PauseAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_100, 1_800)), Token);
                await senders[which].ContinueAsync();
            }

            await Task.Delay(random.Next(400), Token);
        }

        await enough.CancelAsync();
        var published = await publishing;
        await OutboxStore.IsEmptyAsync(bank.Store);
        foreach (var sender in senders)
            await sender.DisposeAsync();

        var lost = await bank.ExecuteAsync(
            $"select count(*) from generate_series(0, {published - 1}) n where n not in (select number from {{schema}}.effects)");
        var overtaken = await bank.ExecuteAsync("""
            select count(*)
            from (
              select f.number, lag(f.number) over (partition by f.key order by f.first) as before
              from (select e.key, e.number, min(e.at) as first from {schema}.effects e group by e.key, e.number) f) o
            where o.number < o.before
            """);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{published} messages, {await bank.ExecuteAsync("select count(*) from {schema}.effects")} effects");
        lost.ShouldBe(0L);
        overtaken.ShouldBe(0L);
        published.ShouldBeGreaterThan(100);
    }

    private static async Task<int> PublishAsync(OutboxStore bank, CancellationToken enough)
    {
        var number = 0;
        while (!enough.IsCancellationRequested)
        {
            await OutboxStore.PublishAsync(bank.Store, $"k{number % Keys}", new Numbered("proof", number));
            number++;
            await Task.Delay(2, Token);
        }

        return number;
    }
}
