using System.Diagnostics;
using FluentEventStore.Servers;

namespace FluentEventStore.Proofs;

public sealed class DeadOwnerTests
{
    [Fact]
    public async Task A_killed_owner_leaves_no_server_and_no_folder()
    {
        using var owner = await OwnerProcess.StartAsync();
        var folder = await LocalPostgresTests.FolderAsync(owner.ConnectionString);

        await owner.KillAsync();

        await IsGoneAsync(owner.ConnectionString, folder);
    }

    [Fact]
    public async Task An_owner_killed_with_all_its_children_leaves_no_server_and_no_folder()
    {
        using var owner = await OwnerProcess.StartAsync();
        var folder = await LocalPostgresTests.FolderAsync(owner.ConnectionString);

        await owner.KillWithEveryChildAsync();

        await IsGoneAsync(owner.ConnectionString, folder);
    }

    [Theory]
    [InlineData("data.unfinished")]
    [InlineData("data")]
    public async Task An_owner_killed_while_its_server_starts_leaves_nothing(string reached)
    {
        using var folder = new TemporaryFolder();
        IEnumerable<string> Left() => Directory.EnumerateDirectories(folder.Location, "fluenteventstore-postgres-*");

        // What is reached may be passed before this looks again.
        await OwnerProcess.KillWhileStartingAsync(folder.Location, when: () => Left().Any(
            server => Directory.Exists(Path.Combine(server, reached)) || Directory.Exists(Path.Combine(server, "data"))));

        await Eventually.BecomesTrueAsync(() => Task.FromResult(!Left().Any()), "the folder is removed");
    }

    [Fact]
    public async Task An_owner_that_ends_without_disposing_leaves_nothing_at_its_end()
    {
        using var owner = await OwnerProcess.StartAsync();
        var folder = await LocalPostgresTests.FolderAsync(owner.ConnectionString);

        await owner.EndAsync();

        Directory.Exists(folder).ShouldBeFalse();
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_killed_keeper_could_not_clean_up_the_next_start_does()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The keeper is found through /proc.");
        using var owner = await OwnerProcess.StartAsync();
        var folder = await LocalPostgresTests.FolderAsync(owner.ConnectionString);
        await KillKeeperAsync(folder);
        await owner.KillAsync();
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeTrue();

        await using var next = await LocalPostgresTests.StartAsync(new LocalPostgresOptions());

        await IsGoneAsync(owner.ConnectionString, folder);
        (await Database.AnswersAsync(next.ConnectionString)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_kept_directory_of_a_killed_owner_continues_with_its_data()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        using var owner = await OwnerProcess.StartAsync(options.DataDirectory);
        await Database.AskAsync(owner.ConnectionString, "create table note as select 'remember' as text");

        await owner.KillAsync();

        await using var next = await LocalPostgresTests.StartAsync(options);
        (await Database.AskAsync(next.ConnectionString, "select text from note")).ShouldBe("remember");
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_left_running_on_a_kept_directory_is_stopped_before_the_next_one_starts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The keeper is found through /proc.");
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        using var owner = await OwnerProcess.StartAsync(options.DataDirectory);
        await Database.AskAsync(owner.ConnectionString, "create table note as select 'remember' as text");
        await KillKeeperAsync(options.DataDirectory);
        await owner.KillAsync();
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeTrue();

        await using var next = await LocalPostgresTests.StartAsync(options);

        (await Database.AskAsync(next.ConnectionString, "select text from note")).ShouldBe("remember");
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_living_owner_of_a_kept_directory_is_named_and_not_disturbed()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        using var owner = await OwnerProcess.StartAsync(options.DataDirectory);

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgresTests.StartAsync(options));

        failure.OwnerProcessId.ShouldBe(owner.Id);
        (await Database.AnswersAsync(owner.ConnectionString)).ShouldBeTrue();
        await owner.EndAsync();
    }

    [Fact]
    public void A_folder_that_somebody_is_just_creating_is_not_taken_until_it_is_old()
    {
        using var folder = new TemporaryFolder();
        ServerFolder.TryTakeAbandoned(folder.Location).ShouldBeNull();

        Directory.SetLastWriteTimeUtc(folder.Location, DateTime.UtcNow.AddMinutes(-2));
        using var taken = ServerFolder.TryTakeAbandoned(folder.Location);

        taken.ShouldNotBeNull();
        ServerFolder.TryTakeAbandoned(folder.Location).ShouldBeNull("somebody else is at it");
    }

    private static async Task IsGoneAsync(string connectionString, string folder)
    {
        await Eventually.BecomesTrueAsync(async () => !await Database.AnswersAsync(connectionString), "the server stops");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!Directory.Exists(folder)), "the folder is removed");
    }

    private static async Task KillKeeperAsync(string folder)
    {
        var keepers = Process.GetProcessesByName("sh").Where(process => IsKeeper(process, folder)).ToList();
        keepers.Count.ShouldBe(1);
        keepers[0].Kill();
        await keepers[0].WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static bool IsKeeper(Process process, string folder)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0');
            return words.Contains("keeper") && words.Contains(folder);
        }
        catch (IOException)
        {
            // A shell that has ended since it was listed.
            return false;
        }
    }
}
