using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Ordering;

/// <summary>Followers get the events of other processes at once. Each store here stands for a process.</summary>
public sealed class WakeUpTests(BankStore bank) : IClassFixture<BankStore>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_of_another_process_wakes_a_follower_that_would_not_look_again()
    {
        await using var follower = await StartAsync();

        await AppendAsync("a");

        (await follower.NextAsync()).ShouldBe("a");
        await follower.SleepsAsync();
        await AppendAsync("b");
        (await follower.NextAsync()).ShouldBe("b");
    }

    [Fact]
    public async Task An_import_of_another_process_wakes_a_follower()
    {
        await using var follower = await StartAsync();

        await bank.Store.Transfer.ImportAsync(
            new[] { new ImportedEvent($"{Guid.NewGuid()}", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UtcNow } }
                .ToAsyncEnumerable(),
            cancellationToken: Cancelled);

        (await follower.NextAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task What_was_committed_while_nobody_listened_yet_is_found_as_soon_as_somebody_does()
    {
        await using var writer = bank.CreateStore(static options => options.Events.Notifications = false);
        await using var follower = await StartAsync();
        await KillListenersAsync(follower);
        await writer.SaveNoteAsync("untold");

        (await follower.NextAsync()).ShouldBe("untold");
    }

    [Fact]
    public async Task A_connection_that_was_lost_listens_again()
    {
        await using var follower = await StartAsync();

        await KillListenersAsync(follower);
        await Eventually.BecomesTrueAsync(async () => await follower.CountListenersAsync() == 1, "it is connected again");
        await follower.SleepsAsync();
        await AppendAsync("a");

        (await follower.NextAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Where_nothing_is_told_followers_look_at_a_pace()
    {
        await using var writer = bank.CreateStore(static options => options.Events.Notifications = false);
        await using var reader = bank.CreateStore(
            options => options.Connection($"{bank.StoreConnectionString};Application Name=deaf {bank.Schema}"));
        await using var following = await bank.FollowHereAsync(reader);
        for (var number = 0; number < 3; number++)
        {
            var next = following.NextNoteAsync();
            await writer.SaveNoteAsync($"{number}");
            (await next).ShouldBe($"{number}");
        }
    }

    [Fact]
    public async Task Nothing_is_skipped_and_nothing_comes_twice_while_the_listening_connection_is_killed_again_and_again()
    {
        const int count = 300;
        var application = $"killed {bank.Schema}";
        await using var reader = bank.CreateStore(
            options => options.Connection($"{bank.StoreConnectionString};Application Name={application}"));
        await using var following = await bank.FollowHereAsync(reader);
        var reading = Task.Run(
            async () =>
            {
                var texts = new List<string>();
                while (texts.Count < count)
                    texts.Add(await following.NextNoteAsync());

                return texts;
            },
            Cancelled);

        for (var number = 0; number < count; number++)
        {
            await AppendAsync($"{number}");
            if (number % 10 == 0)
                await KillAsync($"{application} listener");
        }

        (await reading.WaitAsync(Eventually.HangGuard, Cancelled)).ShouldBe(
            Enumerable.Range(0, count).Select(static number => $"{number}"));
    }

    [Fact]
    public async Task Of_commits_that_follow_each_other_closely_only_the_first_is_told()
    {
        const int count = 10_000;
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        var watch = Stopwatch.StartNew();
        await using (var writer = bank.CreateStore())
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancelled },
                async (number, _) => await writer.SaveNoteAsync($"{number}"));
        }

        var pauses = watch.Elapsed / TimeSpan.FromMilliseconds(5);
        await announcements.CatchUpAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{announcements.Heard.Count} of {count} in {watch.Elapsed}");
        announcements.Heard.Count.ShouldBeInRange(1, (int)pauses + 1);
    }

    [Fact]
    public async Task A_store_that_is_told_not_to_neither_tells_nor_listens()
    {
        await using var announcements = await Announcements.ListenAsync(bank.ConnectionString, bank.Schema);
        await using var follower = await ListeningFollower.StartDeafAsync(bank, Silent);
        await follower.Store.SaveNoteAsync("own");
        (await follower.NextAsync()).ShouldBe("own");
        await follower.SleepsDeafAsync();

        await AppendAsync("told");
        await announcements.NextAsync();

        announcements.Heard.ShouldHaveSingleItem();
        (await follower.IsListeningAsync()).ShouldBeFalse();
        (await follower.CountListenersAsync()).ShouldBe(0);

        static void Silent(EventStoreOptions options) => options.Events.Notifications = false;
    }

    private Task AppendAsync(string text) => bank.Store.SaveNoteAsync(text);

    private Task<ListeningFollower> StartAsync() => ListeningFollower.StartAsync(bank);

    private async Task KillListenersAsync(ListeningFollower follower) =>
        (await KillAsync($"{follower.Application} listener")).ShouldBe(1);

    private async Task<long> KillAsync(string application) => (long)(await bank.ExecuteAsync(
        $"select count(pg_terminate_backend(pid, 60000)) from pg_stat_activity where application_name = '{application}'"))!;
}
