using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

public sealed class LocalPostgresFailureTests
{
    [Fact]
    public async Task A_setting_that_the_server_refuses_fails_with_the_words_of_the_server_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept"), Settings = { ["max_connections"] = "many" } };

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgresTests.StartAsync(options));

        failure.ServerLog.ShouldNotBeNull().ShouldContain("invalid value for parameter \"max_connections\"");
        failure.Message.ShouldContain(failure.ServerLog);

        options.Settings.Clear();
        await using var postgres = await LocalPostgresTests.StartAsync(options);
        (await Database.AnswersAsync(postgres.ConnectionString)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_folder_with_other_files_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        var thesis = folder.Child("thesis.txt");
        await File.WriteAllTextAsync(thesis, "years of work", TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<LocalPostgresException>(
            () => LocalPostgresTests.StartAsync(new LocalPostgresOptions { DataDirectory = folder.Location }));

        failure.Message.ShouldContain(folder.Location);
        Directory.EnumerateFileSystemEntries(folder.Location).ShouldBe([thesis]);
    }

    [Fact]
    public async Task A_file_is_not_a_data_directory()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Child("file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<LocalPostgresException>(
            () => LocalPostgresTests.StartAsync(new LocalPostgresOptions { DataDirectory = file }));

        failure.Message.ShouldContain("is a file");
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_refused_with_both_versions()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        var postgres = await LocalPostgresTests.StartAsync(options);
        await postgres.DisposeAsync();
        await File.WriteAllTextAsync(
            Path.Combine(options.DataDirectory, "data", "PG_VERSION"), "9\n", TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgresTests.StartAsync(options));

        failure.Message.ShouldContain("written by PostgreSQL 9; installed: 1");
    }

    [Fact]
    public async Task A_data_directory_in_use_is_refused_and_its_user_named()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        await using var first = await LocalPostgresTests.StartAsync(options);

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgresTests.StartAsync(options));

        failure.OwnerProcessId.ShouldBe(Environment.ProcessId);
        failure.Message.ShouldContain($"{Environment.ProcessId}");
        (await Database.AnswersAsync(first.ConnectionString)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_start_that_takes_too_long_is_given_up()
    {
        var failure = await Should.ThrowAsync<LocalPostgresException>(
            () => LocalPostgresTests.StartAsync(new LocalPostgresOptions { StartTimeout = TimeSpan.FromMilliseconds(100) }));

        failure.Message.ShouldContain("did not start within 00:00:00.1");
    }

    [Fact]
    public async Task A_cancelled_start_ends_as_cancelled()
    {
        await LocalPostgresTests.SkipWithoutInstallationAsync();
        using var cancellation = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(
            () => LocalPostgres.StartAsync(new LocalPostgresOptions(), LocalPostgresTests.Local(CancelAndChoose), cancellation.Token));

        int CancelAndChoose()
        {
            cancellation.Cancel();
            return FreePort.Choose();
        }
    }

    [Fact]
    public async Task Contradicting_options_are_refused_with_every_fault()
    {
        var options = new LocalPostgresOptions { DataDirectory = " ", Settings = { ["port"] = "1", ["work mem"] = "1" } };

        var failure = await Should.ThrowAsync<ArgumentException>(() => LocalPostgresTests.StartAsync(options));

        failure.Message.ShouldContain("DataDirectory");
        failure.Message.ShouldContain("'port'");
        failure.Message.ShouldContain("'work mem'");
    }
}
