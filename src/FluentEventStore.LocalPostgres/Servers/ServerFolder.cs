using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>The folder of one server, held by one process at a time.</summary>
/// <remarks>
/// <para>It holds <c>fluenteventstore.lock</c>, <c>owner</c>, <c>password</c>, the server's settings and log, and PostgreSQL's <c>data</c>.
/// The system releases a lock when its process dies, however it dies. The file <c>owner</c> also names the process, for messages and for
/// file systems without locks. So a folder is abandoned when its lock is free and its process is gone.</para>
/// <para>It belongs to the user of this process, and no other user can change what is in it. What others could have put in its place is
/// neither used, stopped nor deleted.</para>
/// </remarks>
internal sealed class ServerFolder : IDisposable
{
    // A folder without a named owner is either being created right now, or was left half created or half deleted.
    private static readonly TimeSpan LongestCreation = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private ServerFolder(string path, bool isTemporary, FileStream @lock)
    {
        Location = path;
        IsTemporary = isTemporary;
        _lock = @lock;
        Data = DataOf(path);
        UnfinishedData = new ServerData(Path.Combine(path, "data.unfinished"));
    }

    public string Location { get; }

    public bool IsTemporary { get; }

    public ServerData Data { get; }

    /// <summary>The data while it is being made.</summary>
    public ServerData UnfinishedData { get; }

    public string Log => Path.Combine(Location, "server.log");

    public string Settings => Path.Combine(Location, "server.conf");

    public string PasswordFile => Path.Combine(Location, "password");

    /// <summary>What the file <c>owner</c> says about this process.</summary>
    public string Owner { get; private set; } = "";

    private static string TemporaryPrefix => $"fluenteventstore-postgres-{Environment.UserName}-";

    public static ServerFolder CreateTemporary()
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Directory.CreateTempSubdirectory(TemporaryPrefix).FullName;
            try
            {
                return new ServerFolder(path, isTemporary: true, OpenLock(path, FileMode.CreateNew)).Claim();
            }
            catch (IOException) when (attempt < 5)
            {
                // Another start that looks for abandoned folders took the lock first. This folder counts as abandoned from now on.
            }
        }
    }

    /// <summary>Takes a folder that is to be kept.</summary>
    /// <exception cref="LocalPostgresException">It is used by another process, is something else, or other users can change it.</exception>
    public static async Task<ServerFolder> OpenAsync(string path, CancellationToken cancellationToken)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            if (File.Exists(path))
                throw new LocalPostgresException($"The data directory '{path}' is a file.");
            CreatePrivate(path);
            if (!await OwnFolders.ContainAsync(path, cancellationToken).ConfigureAwait(false))
            {
                throw new LocalPostgresException(
                    $"The data directory '{path}' does not belong to this user alone: it must not be a link, must belong to "
                        + $"'{Environment.UserName}', and must be writable by nobody else (chmod go-w).");
            }

            if (await OwnFolders.FindUnsafeAboveAsync(path, cancellationToken).ConfigureAwait(false) is { } above)
            {
                throw new LocalPostgresException(
                    $"The data directory '{path}' could be replaced by others, who can change the folder '{above}': that folder must "
                        + $"belong to '{Environment.UserName}' or root, and must be writable by nobody else (chmod go-w).");
            }

            if (!File.Exists(LockFile(path)) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new LocalPostgresException(
                    $"The data directory '{path}' holds other files. Choose a folder that is missing or empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalPostgresException($"The data directory '{path}' cannot be used: {e.Message}", innerException: e);
        }

        return Open(path);
    }

    /// <summary>The major version that wrote the data of a folder that is to be kept; <see langword="null"/> if there is none.</summary>
    public static string? VersionIn(string path) => DataOf(path).Version;

    /// <summary>Takes every temporary folder of this user whose owner is dead.</summary>
    public static async IAsyncEnumerable<ServerFolder> TakeAbandonedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = Directory.EnumerateDirectories(Path.GetTempPath(), TemporaryPrefix + "*");
        foreach (var path in await OwnFolders.AmongAsync(all, cancellationToken).ConfigureAwait(false))
        {
            if (TryTakeAbandoned(path) is { } folder)
                yield return folder;
        }
    }

    public static string ChoosePassword() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The password of the superuser, chosen when the folder is new.</summary>
    public string Password()
    {
        using var file = new FileStream(PasswordFile, PrivateFile(FileMode.OpenOrCreate));
        if (file.Length == 0)
            file.Write(Encoding.ASCII.GetBytes(ChoosePassword()));

        file.Position = 0;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>Writes a file anew, readable by this user only.</summary>
    public static async Task WriteAsync(string path, string content, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var file = new FileStream(path, PrivateFile(FileMode.CreateNew));
        await using (file.ConfigureAwait(false))
            await file.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a temporary folder. What cannot be removed now counts as abandoned once this process has ended.</summary>
    public async Task DeleteAsync(ServerUser user)
    {
        // The last processes of a server that was stopped at once may still be writing, and Windows deletes no open file.
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                if (!await OwnFolders.ContainAsync(Location, CancellationToken.None).ConfigureAwait(false))
                    return;

                await Data.DeleteAsync(user).ConfigureAwait(false);
                await UnfinishedData.DeleteAsync(user).ConfigureAwait(false);
                _lock.Dispose();
                Directory.Delete(Location, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                // Another start that looks for abandoned folders was faster.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Tried again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        }
    }

    /// <summary>Releases the folder, so that another process can take it.</summary>
    public void Dispose()
    {
        try
        {
            if (_lock.CanWrite)
                File.Delete(OwnerFile(Location));
        }
        catch (DirectoryNotFoundException)
        {
            // Another start that looks for abandoned folders removed it first.
        }
        finally
        {
            _lock.Dispose();
        }
    }

    internal static ServerFolder? TryTakeAbandoned(string path)
    {
        FileStream? opened = null;
        try
        {
            var isOld = DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > LongestCreation;
            opened = OpenLock(path, isOld ? FileMode.OpenOrCreate : FileMode.Open);
            var owner = ReadOwner(path);
            if (owner is null ? isOld : !owner.Value.IsAlive())
                return new ServerFolder(path, isTemporary: true, opened);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Locked by its living owner, or gone in the meantime.
        }

        opened?.Dispose();
        return null;
    }

    private static ServerFolder Open(string path)
    {
        FileStream opened;
        try
        {
            opened = OpenLock(path, FileMode.OpenOrCreate);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LocalPostgresException($"The data directory '{path}' cannot be used: {e.Message}", innerException: e);
        }
        catch (IOException e)
        {
            throw InUse(path, ReadOwner(path), e);
        }

        if (ReadOwner(path) is { } other && other.IsAlive())
        {
            opened.Dispose();
            throw InUse(path, other, innerException: null);
        }

        return new ServerFolder(path, isTemporary: false, opened).Claim();
    }

    private ServerFolder Claim()
    {
        Owner = ProcessIdentity.Current().ToString();
        File.WriteAllText(OwnerFile(Location), Owner);
        return this;
    }

    private static void CreatePrivate(string path)
    {
        if (Path.GetDirectoryName(path) is { } parent)
            Directory.CreateDirectory(parent);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static ServerData DataOf(string path) => new(Path.Combine(path, "data"));

    private static string OwnerFile(string path) => Path.Combine(path, "owner");

    private static string LockFile(string path) => Path.Combine(path, "fluenteventstore.lock");

    private static FileStream OpenLock(string path, FileMode mode) => new(LockFile(path), PrivateFile(mode));

    private static FileStreamOptions PrivateFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static ProcessIdentity? ReadOwner(string path) => ProcessIdentity.ReadFrom(OwnerFile(path));

    private static LocalPostgresException InUse(string path, ProcessIdentity? owner, Exception? innerException) => new(
        $"The data directory '{path}' is in use by {(owner is { ProcessId: var id } ? $"process {id}" : "another process")}.",
        ownerProcessId: owner?.ProcessId,
        innerException: innerException);
}
