using System.Security.Cryptography;
using System.Text;
using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>The folder of one server, held by one process at a time.</summary>
/// <remarks>
/// It holds <c>fluenteventstore.lock</c>, <c>owner</c>, <c>password</c> and PostgreSQL's <c>data</c>. The system releases a lock when its process dies, however it dies.
/// The file <c>owner</c> also names the process, for messages and for file systems without locks. So a folder is abandoned when its lock is free and its process is gone.
/// </remarks>
internal sealed class ServerFolder : IDisposable
{
    // A folder without a named owner is either being created by somebody right now, or was left half created or half deleted.
    private static readonly TimeSpan LongestCreation = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private ServerFolder(string path, bool isTemporary, FileStream @lock)
    {
        Location = path;
        IsTemporary = isTemporary;
        _lock = @lock;
    }

    public string Location { get; }

    public bool IsTemporary { get; }

    public string Data => Path.Combine(Location, "data");

    public string Log => Path.Combine(Data, "server.log");

    public string PasswordFile => Path.Combine(Location, "password");

    /// <summary>What the file <c>owner</c> says about this process.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The server that runs on this folder's data; null if none does.</summary>
    public ProcessIdentity? Server
    {
        get
        {
            string[] lines;
            try
            {
                lines = File.ReadAllLines(Path.Combine(Data, "postmaster.pid"));
            }
            catch (IOException)
            {
                return null;
            }

            return lines.Length > 2 && ProcessIdentity.Parse($"{lines[0]} {lines[2]}000") is { } server && server.IsAlive() ? server : null;
        }
    }

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
                // Somebody who looks for abandoned folders was faster at the lock. This one counts as abandoned from now on.
            }
        }
    }

    /// <summary>Takes a folder that is to be kept.</summary>
    /// <exception cref="LocalPostgresException">It is used by another process, or is something else.</exception>
    public static ServerFolder Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            if (File.Exists(path))
                throw new LocalPostgresException($"The data directory '{path}' is a file.");
            Directory.CreateDirectory(path);
            if (!File.Exists(LockFile(path)) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new LocalPostgresException($"The data directory '{path}' holds other files. Choose a folder that is missing or empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LocalPostgresException($"The data directory '{path}' cannot be used: {e.Message}", innerException: e);
        }

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

    /// <summary>Takes every temporary folder of this user whose owner is dead.</summary>
    public static IEnumerable<ServerFolder> TakeAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(Path.GetTempPath(), TemporaryPrefix + "*"))
        {
            if (TryTakeAbandoned(path) is { } folder)
                yield return folder;
        }
    }

    /// <summary>The password of the superuser, chosen when the folder is new.</summary>
    public string Password()
    {
        using var file = new FileStream(PasswordFile, PrivateFile(FileMode.OpenOrCreate));
        if (file.Length == 0)
            file.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true)));

        file.Position = 0;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>Removes a temporary folder. What cannot be removed now counts as abandoned once this process has ended.</summary>
    public async Task DeleteAsync()
    {
        // The last processes of a server that was stopped at once may still be writing, and Windows deletes no open file.
        for (var attempt = 0; attempt < 50; attempt++)
        {
            try
            {
                if (Directory.Exists(Data))
                    Directory.Delete(Data, recursive: true);
                _lock.Dispose();
                Directory.Delete(Location, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                if (!Directory.Exists(Location))
                    return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Tried again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the folder go, for the next one to take it.</summary>
    public void Dispose()
    {
        if (!_lock.CanWrite)
            return;

        File.Delete(OwnerFile(Location));
        _lock.Dispose();
    }

    internal static ServerFolder? TryTakeAbandoned(string path)
    {
        var isOld = DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > LongestCreation;
        try
        {
            var opened = OpenLock(path, isOld ? FileMode.OpenOrCreate : FileMode.Open);
            var owner = ReadOwner(path);
            if (owner is null ? isOld : !owner.Value.IsAlive())
                return new ServerFolder(path, isTemporary: true, opened);
            opened.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Locked by its living owner, or gone in the meantime, or not ours.
        }

        return null;
    }

    private ServerFolder Claim()
    {
        Owner = ProcessIdentity.Current().ToString();
        File.WriteAllText(OwnerFile(Location), Owner);
        return this;
    }

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

    private static ProcessIdentity? ReadOwner(string path)
    {
        try
        {
            return ProcessIdentity.Parse(File.ReadAllText(OwnerFile(path)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static LocalPostgresException InUse(string path, ProcessIdentity? owner, Exception? innerException) => new(
        $"The data directory '{path}' is in use by {(owner is { ProcessId: var id } ? $"process {id}" : "another process")}.",
        ownerProcessId: owner?.ProcessId,
        innerException: innerException);
}
