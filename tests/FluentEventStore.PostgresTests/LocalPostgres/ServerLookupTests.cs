using FluentEventStore.Installations;
using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

public sealed class ServerLookupTests
{
    [Fact]
    public async Task The_connection_string_of_the_environment_is_used_as_it_is()
    {
        const string Given = "Host=db.example;Some=thing only the driver may judge";

        await using var postgres = await LocalPostgres.StartAsync(
            new LocalPostgresOptions(), [new EnvironmentSource(Given), new Unreachable()], TestContext.Current.CancellationToken);

        postgres.ConnectionString.ShouldBe(Given);
    }

    [Fact]
    public async Task Nothing_found_lists_what_was_tried_and_how_to_install_it()
    {
        using var folder = new TemporaryFolder();
        var search = new InstallationSearch(folder.Location, [folder.Child("*/bin")]);

        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgres.StartAsync(
            new LocalPostgresOptions(),
            [new EnvironmentSource(null), new InstalledSource(search, FreePort.Choose), new Absent("Docker: no daemon")],
            TestContext.Current.CancellationToken));

        failure.Tried.ShouldBe(
        [
            "Environment variable FLUENTEVENTSTORE_POSTGRES: not set",
            "PATH: no PostgreSQL programs",
            $"{folder.Child("*/bin")}: no PostgreSQL programs",
            "Docker: no daemon",
        ]);
        failure.Tried.ShouldAllBe(attempt => failure.Message.Contains(attempt));
        failure.Message.ShouldContain(InstallationAdvice.ForThisSystem());
    }

    [Fact]
    public async Task The_highest_version_of_a_place_is_preferred_and_an_old_one_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts here.");
        using var folder = new TemporaryFolder();
        foreach (var version in new[] { "9", "14", "100", "13" })
            WritePrograms(folder.Child(version), $"echo 'pg_ctl (PostgreSQL) {version}.1'");
        WritePrograms(folder.Child("broken"), "exit 1");
        List<string> tried = [];

        var found = await new InstallationSearch("", [folder.Child("*/bin"), folder.Child("1*/bin")])
            .FindAsync(tried, TestContext.Current.CancellationToken);

        found.Select(installation => installation.Major).ShouldBe([100, 14, 100, 14]);

        await new InstallationSearch(Path.Combine(folder.Child("9"), "bin"), [folder.Child("b*/bin")])
            .FindAsync(tried, TestContext.Current.CancellationToken);
        tried.ShouldContain(attempt => attempt.StartsWith("PATH: ") && attempt.Contains("version 9, older than 14"));
        tried.ShouldContain(attempt => attempt.EndsWith("do not run"));
    }

    [Theory]
    [InlineData("ID=ubuntu\nID_LIKE=debian", "apt-get")]
    [InlineData("NAME=x\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", "dnf")]
    [InlineData("ID=alpine", "apk")]
    [InlineData("ID=plan9", "package manager of this system")]
    public void The_advice_names_the_package_manager_of_the_distribution(string release, string expected) =>
        InstallationAdvice.ForLinux(release).ShouldContain(expected);

    private static void WritePrograms(string folder, string script)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
        {
            var file = Path.Combine(bin, program);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private sealed class Absent(string reason) : IServerSource
    {
        public Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
        {
            tried.Add(reason);
            return Task.FromResult<IServer?>(null);
        }
    }

    private sealed class Unreachable : IServerSource
    {
        public Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing may be started.");
    }
}
