using System.Diagnostics;
using System.Globalization;
using FluentEventStore.Processes;
using FluentEventStore.Servers;

namespace FluentEventStore.PostgresTests;

/// <summary>Where everybody may make folders, those of somebody else are left alone.</summary>
public sealed class ForeignFolderTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    public static TheoryData<string> Plants => ["another account's", "a link", "writable by others", "another account's, unreadable"];

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_start_does_not_touch_what_looks_abandoned_but_does_not_belong_to_this_user_alone(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There everybody has a folder for temporary files.");
        Assert.SkipWhen(
            kind.StartsWith("another", StringComparison.Ordinal) && !Environment.IsPrivilegedProcess,
            "Only root can make a folder for another account. Run them as root, in a container for instance.");
        using var folder = new TemporaryFolder();
        var temporary = MakeTemporary(folder);
        using var stranger = await StartAsServerUserAsync("sleep", "300");
        await PlantAsync(kind, folder, Path.Combine(temporary, $"fluenteventstore-postgres-{Environment.UserName}-planted"), stranger);
        var before = Describe(folder.Location);

        using (var owner = await OwnerProcess.StartAsync(temporaryFolder: temporary))
            await owner.EndAsync();

        stranger.HasExited.ShouldBeFalse();
        Describe(folder.Location).ShouldBe(before);
        stranger.Kill();
    }

    [Fact]
    public async Task Nobody_else_can_read_the_folder_of_a_server()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There everybody has a folder for temporary files.");
        await using var postgres = await LocalPostgresTests.StartAsync(new LocalPostgresOptions());
        var folder = await LocalPostgresTests.FolderAsync(postgres);

        // The user that a server of root runs as passes through.
        const UnixFileMode Pass = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        ModeOf(folder).ShouldBe(Environment.IsPrivilegedProcess ? Own | Pass : Own);
        foreach (var file in Directory.EnumerateFiles(folder).Where(static file => Path.GetFileName(file) != "owner"))
            ModeOf(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public async Task A_kept_directory_that_does_not_belong_to_this_user_alone_is_refused_and_left_alone(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the rights of a folder are another matter.");
        Assert.SkipWhen(
            kind.StartsWith("another", StringComparison.Ordinal) && !Environment.IsPrivilegedProcess,
            "Only root can make a folder for another account. Run them as root, in a container for instance.");
        using var folder = new TemporaryFolder();
        using var stranger = await StartAsServerUserAsync("sleep", "300");
        await PlantAsync(kind, folder, folder.Child("kept"), stranger);
        var before = Describe(folder.Location);

        var failure = await Should.ThrowAsync<LocalPostgresException>(
            () => LocalPostgresTests.StartAsync(new LocalPostgresOptions { DataDirectory = folder.Child("kept") }));

        failure.Message.ShouldContain(folder.Child("kept"));
        failure.Message.ShouldContain("to this user alone");
        stranger.HasExited.ShouldBeFalse();
        Describe(folder.Location).ShouldBe(before);
        stranger.Kill();
    }

    [Theory]
    [InlineData("another account's")]
    [InlineData("writable by others")]
    [InlineData("writable by a group")]
    [InlineData("behind a link")]
    public async Task A_kept_directory_that_others_could_replace_is_refused(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the rights of a folder are another matter.");
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "Only root can give a folder to another account or group. Run them as root, in a container for instance.");
        using var folder = new TemporaryFolder();
        var above = Directory.CreateDirectory(folder.Child("above")).FullName;
        var between = Directory.CreateDirectory(Path.Combine(above, "between")).FullName;
        await RunAsync(kind switch
        {
            "another account's" or "behind a link" => ["chown", "nobody", above],
            "writable by others" => ["chmod", "o+w", above],
            _ => ["sh", "-c", $"chgrp nogroup '{above}' && chmod g+w '{above}'"],
        });
        if (kind == "behind a link")
            between = File.CreateSymbolicLink(folder.Child("link"), between).FullName;

        var options = new LocalPostgresOptions { DataDirectory = Path.Combine(between, "kept") };
        var failure = await Should.ThrowAsync<LocalPostgresException>(() => LocalPostgresTests.StartAsync(options));
        failure.Message.ShouldContain($"'{above}'");
        failure.Message.ShouldContain("chmod go-w");

        await RunAsync("chown", "root:root", above);
        await RunAsync("chmod", "755", above);
        await (await LocalPostgresTests.StartAsync(options)).DisposeAsync();
    }

    [Fact]
    public void A_folder_that_somebody_else_removed_is_released()
    {
        using var folder = new TemporaryFolder();
        var path = Directory.CreateDirectory(folder.Child("abandoned")).FullName;
        Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-2));
        var taken = ServerFolder.TryTakeAbandoned(path).ShouldNotBeNull();

        Directory.Delete(path, recursive: true);

        taken.Dispose();
        taken.Dispose();
    }

    [Fact]
    public async Task Many_that_find_the_same_abandoned_folders_remove_them_together()
    {
        using var folder = new TemporaryFolder();
        foreach (var number in Enumerable.Range(0, 30))
        {
            var path = Directory.CreateDirectory(folder.Child($"abandoned{number}")).FullName;
            await File.WriteAllTextAsync(Path.Combine(path, "owner"), "999999 0", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(path, "fluenteventstore.lock"), "", TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            foreach (var path in Directory.GetDirectories(folder.Location))
            {
                using var taken = ServerFolder.TryTakeAbandoned(path);
                if (taken is not null)
                    await taken.DeleteAsync(new ServerUser(Name: null));
            }
        })));

        Directory.EnumerateDirectories(folder.Location).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("of a living process")]
    [InlineData("unreadable")]
    public async Task A_folder_that_is_not_taken_is_not_kept_locked(string owner)
    {
        using var folder = new TemporaryFolder();
        var (file, locked) = (folder.Child("owner"), folder.Child("fluenteventstore.lock"));
        await File.WriteAllTextAsync(locked, "", TestContext.Current.CancellationToken);
        if (owner == "unreadable")
            Directory.CreateDirectory(file);
        else
            await File.WriteAllTextAsync(file, ProcessIdentity.Current().ToString(), TestContext.Current.CancellationToken);

        ServerFolder.TryTakeAbandoned(folder.Location).ShouldBeNull();

        using var free = new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        free.CanWrite.ShouldBeTrue();
    }

    private static string MakeTemporary(TemporaryFolder folder)
    {
        var temporary = Directory.CreateDirectory(folder.Child("temporary")).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, Everybody | UnixFileMode.StickyBit);
        return temporary;
    }

    // What a killed owner leaves behind, with a server that this user could stop.
    private static async Task PlantAsync(string kind, TemporaryFolder folder, string path, Process stranger)
    {
        var place = kind == "a link" ? folder.Child("elsewhere") : path;
        var data = Directory.CreateDirectory(Path.Combine(place, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(place, "owner"), "999999 0");
        await File.WriteAllTextAsync(Path.Combine(place, "fluenteventstore.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "15\n");
        var started = new DateTimeOffset(stranger.StartTime).ToUnixTimeSeconds();
        await File.WriteAllTextAsync(
            Path.Combine(data, "postmaster.pid"), string.Create(
                CultureInfo.InvariantCulture, $"{stranger.Id}\n{data}\n{started}\n5432\n\n127.0.0.1\n"));
        if (kind == "a link")
            Directory.CreateSymbolicLink(path, place);
        if (kind == "writable by others" && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(place, Everybody);
        if (kind.EndsWith("unreadable", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (kind.StartsWith("another", StringComparison.Ordinal))
            await RunAsync("chown", "-R", "nobody", place);
    }

    private static async Task<Process> StartAsServerUserAsync(params string[] words)
    {
        // Without anything between that would not pass on a signal.
        var user = await ServerUser.ChooseAsync(CancellationToken.None);
        var process = Process.Start(Command.Describe(["/bin/sh", "-c", "exec \"$@\"", "sh", .. user.Run(words)], "/")).ShouldNotBeNull();
        return process;
    }

    private static string Describe(string folder) =>
        string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(static entry => $"{entry} {ModeOf(entry)} {new FileInfo(entry).LinkTarget}"));

    private static async Task RunAsync(params string[] words) =>
        (await Command.RunAsync(words, "/", capture: true, CancellationToken.None)).ExitCode.ShouldBe(0);

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}
