using Npgsql;

namespace FluentEventStore.PostgresTests;

/// <summary>
/// A server that root starts runs as another user, who owns its data. Whoever runs SQL as its superuser can put links there.
/// </summary>
public sealed class GivenAwayDataTests
{
    private const string Precious = "nobody but root reads and writes this";

    [Fact]
    public async Task Root_writes_and_gives_away_nothing_through_a_link_in_the_data()
    {
        SkipUnlessRoot();
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        var target = await WritePreciousAsync(folder.Child("target"));
        await using (var postgres = await LocalPostgresTests.StartAsync(options))
        {
            foreach (var name in new[] { "fluenteventstore.conf", "server.log", "postmaster.opts", "postgresql.auto.conf", "log" })
                await RunAsync(postgres, $"rm -rf {name}; ln -s {target} {name}");
        }

        // A server whose own files are links may refuse to start; that is all that it may do.
        await StartAndStopAsync(options);
        await ShouldBeUntouchedAsync(target);
    }

    [Fact]
    public async Task Root_writes_and_gives_away_nothing_where_the_servers_settings_are_a_link()
    {
        SkipUnlessRoot();
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Child("kept") };
        var target = await WritePreciousAsync(folder.Child("target"));
        await using (var postgres = await LocalPostgresTests.StartAsync(options))
            await RunAsync(postgres, $"rm postgresql.conf PG_VERSION && ln -s {target} postgresql.conf && ln -s {target} PG_VERSION");

        (await StartAndStopAsync(options)).ShouldNotContain(Precious);
        await ShouldBeUntouchedAsync(target);
    }

    [Fact]
    public async Task Deleting_the_data_as_root_follows_no_link_that_takes_the_place_of_a_folder_meanwhile()
    {
        SkipUnlessRoot();
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "Folders and links are swapped by perl.");
        using var folder = new TemporaryFolder();
        var precious = Directory.CreateDirectory(folder.Child("precious")).FullName;
        foreach (var number in Enumerable.Range(0, 50))
            await WritePreciousAsync(Path.Combine(precious, $"{number}"));

        await using (var postgres = await LocalPostgresTests.StartAsync(new LocalPostgresOptions()))
        {
            // It goes on while the data is deleted, and ends by itself.
            await RunAsync(
                postgres,
                $$"""
                mkdir swapped away; for n in $(seq 300); do mkdir swapped/$n; (cd swapped/$n; touch $(seq 50)); done
                perl -e '$SIG{$_} = "IGNORE" for qw(QUIT TERM HUP); $end = time + 3; while (time < $end) {
                  for (1..300) { rename "swapped/$_", "away/$_" and symlink "{{precious}}", "swapped/$_" }
                  for (1..300) { unlink "swapped/$_"; rename "away/$_", "swapped/$_" } }' >/dev/null 2>&1 </dev/null &
                """);
        }

        Directory.EnumerateFiles(precious).Count().ShouldBe(50);
    }

    [Fact]
    public async Task The_server_does_not_see_the_environment_of_its_owner()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The environment is asked for by a program of Unix.");
        Environment.SetEnvironmentVariable("FLUENT_TEST_SECRET", "sesame");
        await using var postgres = await LocalPostgresTests.StartAsync(new LocalPostgresOptions());
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var ask = new NpgsqlCommand(
            "create temporary table seen (line text); copy seen from program 'env'; select string_agg(line, ' ') from seen", connection);

        var seen = (string)(await ask.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();

        seen.ShouldContain("PATH=");
        seen.ShouldNotContain("sesame");
    }

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(),
            "Only a server of root runs as another user. Run them as root, in a container for instance.");

    private static async Task RunAsync(LocalPostgres postgres, string script)
    {
        var quoted = script.Replace("'", "''", StringComparison.Ordinal);
        await Database.AskAsync(postgres.ConnectionString, $"copy (select 1) to program 'cat >/dev/null; {quoted}'");
    }

    private static async Task<string> StartAndStopAsync(LocalPostgresOptions options)
    {
        try
        {
            await using var postgres = await LocalPostgresTests.StartAsync(options);
            return "";
        }
        catch (LocalPostgresException e)
        {
            return e.ToString();
        }
    }

    private static async Task<string> WritePreciousAsync(string path)
    {
        await File.WriteAllTextAsync(path, Precious, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static async Task ShouldBeUntouchedAsync(string path)
    {
        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(Precious);
        var listed = await Processes.Command.RunAsync(["ls", "-ln", path], "/", capture: true, TestContext.Current.CancellationToken);
        listed.Output.ShouldStartWith("-rw------- 1 0 0 ");
    }
}
