using FluentEventStore.Installations;
using FluentEventStore.Servers;
using Npgsql;

namespace FluentEventStore.PostgresTests;

public sealed class ServerLookupTests
{
    [Fact]
    public async Task The_connection_string_of_the_environment_is_used_as_it_is()
    {
        const string Given = " Host = db.example ; Password = 'a;b' ";

        await using var postgres = await LocalPostgres.StartAsync(
            new LocalPostgresOptions(), [new EnvironmentSource(Given), new Unreachable()], TestContext.Current.CancellationToken);

        postgres.ConnectionString.ShouldBe(Given);
    }

    [Theory]
    [InlineData("postgres://db.example", "Host=db.example")]
    [InlineData("postgresql://ada@db.example:5433/shop", "Username=ada;Database=shop;Port=5433;Host=db.example")]
    [InlineData(
        "POSTGRES://ada:p%40ss%3B%2F@[::1]:5433/my%20shop", "Username=ada;Password=\"p@ss;/\";Database=\"my shop\";Port=5433;Host=::1")]
    [InlineData("postgres:///shop?host=/run/postgresql&user=ada", "Database=shop;Host=/run/postgresql;Username=ada")]
    [InlineData(
        "postgres://a,b:5433/shop?target_session_attrs=read-write&sslmode=verify-full&connect_timeout=3&application_name=x",
        "Database=shop;Host=a,b:5433;Target Session Attributes=read-write;SSL Mode=VerifyFull;Timeout=3;Application Name=x")]
    public async Task A_uri_of_the_environment_means_what_psql_takes_it_for(string uri, string expected)
    {
        await using var postgres = await LocalPostgres.StartAsync(
            new LocalPostgresOptions(), [new EnvironmentSource(uri), new Unreachable()], TestContext.Current.CancellationToken);

        new NpgsqlConnectionStringBuilder(postgres.ConnectionString).EquivalentTo(new NpgsqlConnectionStringBuilder(expected))
            .ShouldBeTrue(postgres.ConnectionString);
    }

    [Theory]
    [InlineData("localhost:5432")]
    [InlineData("http://ada:secret@db.example/shop")]
    [InlineData("Username=ada;Password=secret")]
    [InlineData("Host=db.example;Password=secret;Prot=5433")]
    [InlineData("Host=db.example;Password=secret;Port=many")]
    [InlineData("postgres://ada:secret@db.example:many/shop")]
    [InlineData("postgres://ada:secret@db.example:70000/shop")]
    [InlineData("postgres://ada:secret@db.example/shop?sslmode=perhaps")]
    [InlineData("postgres://ada:secret@db.example/shop?colour=red")]
    public async Task A_wrong_environment_variable_is_reported_with_its_name_and_without_the_password(string value)
    {
        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgres.StartAsync(
            new LocalPostgresOptions(), [new EnvironmentSource(value), new Unreachable()], TestContext.Current.CancellationToken));

        failure.Message.ShouldContain(LocalPostgres.EnvironmentVariable);
        failure.ToString().ShouldNotContain("secret");
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
        failure.Message.ShouldContain("- Debian, Ubuntu: sudo apt-get install postgresql");
        failure.Message.ShouldContain("- macOS: brew install postgresql@");
        failure.Message.ShouldContain("- Windows: winget install PostgreSQL.");
    }

    [Fact]
    public async Task The_highest_version_in_a_place_is_preferred_and_an_old_one_is_refused()
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
        tried.ShouldContain(attempt => attempt.Contains("do not run"));
    }

    [Fact]
    public async Task Root_runs_no_program_that_somebody_put_on_the_search_path()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(),
            "Only a server of root runs as another user. Run them as root, in a container for instance.");
        using var folder = new TemporaryFolder();
        WritePrograms(folder.Child("planted"), "echo \"pg_ctl (PostgreSQL) 5$(id -u)\"");

        var found = await new InstallationSearch(Path.Combine(folder.Child("planted"), "bin"), []).FindAsync(
            [], TestContext.Current.CancellationToken);

        found.Single().Major.ShouldBeGreaterThan(50);
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
            {
                File.SetUnixFileMode(
                    file,
                    UnixFileMode.UserRead
                        | UnixFileMode.UserWrite
                        | UnixFileMode.UserExecute
                        | UnixFileMode.OtherRead
                        | UnixFileMode.OtherExecute);
            }
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
