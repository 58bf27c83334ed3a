using FluentEventStore.Processes;

namespace FluentEventStore.Fetching;

/// <summary>The folder of this user that holds fetched programs, one folder for each package.</summary>
/// <remarks>What is being fetched is in a folder of another name. It gets its own name when it is complete and checked.</remarks>
/// <param name="location">The folder.</param>
/// <param name="waitClock">Tells how long another process is waited for; <see langword="null"/>: the system's.</param>
internal sealed class BinaryCache(string location, TimeProvider? waitClock = null)
{
    // Long enough for 60 MB over a slow line, by npm and then once more from Maven's repository.
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    private const string UnfinishedPrefix = "unfinished-";

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Runnable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const int MostMoves = 50;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly EnumerationOptions ButLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint
    };

    private readonly TimeProvider _clock = waitClock ?? TimeProvider.System;

    public string Location { get; } = Path.TrimEndingDirectorySeparator(location);

    private string LockFile => Path.Combine(Location, "fetching.lock");

    /// <summary>Names the process that holds the lock, or held it last. The lock itself can be read by nobody else.</summary>
    private string OwnerFile => Path.Combine(Location, "fetching.owner");

    public string PlaceOf(BinaryPackage package) => Path.Combine(Location, package.Folder);

    public bool Holds(BinaryPackage package) => Directory.Exists(PlaceOf(package));

    /// <summary>The folders of programs for a platform, the newest version first.</summary>
    public IEnumerable<string> Programs(string platform) => Directory.Exists(Location)
        ? from folder in Directory.EnumerateDirectories(Location, $"postgresql-*-{platform}")
          let version = Path.GetFileName(folder).Split('-')[1]
          orderby Version.TryParse(version, out var parsed) ? parsed : null descending
          select ProgramsIn(folder)
        : [];

    public static string ProgramsIn(string folder) => Path.Combine(folder, "bin");

    /// <summary>Makes the folder. The user that servers run as must be able to read it.</summary>
    public void Create() => Create(Location);

    /// <summary>Why nothing in it can be trusted; <see langword="null"/> if no other user can change it.</summary>
    public async Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        if (!await OwnFolders.ContainAsync(Location, cancellationToken).ConfigureAwait(false))
            return $"it must not be a link, must belong to '{Environment.UserName}', and must be writable by nobody else (chmod go-w)";

        return await OwnFolders.FindUnsafeAboveAsync(Location, cancellationToken).ConfigureAwait(false) is { } above
            ? $"others can change the folder '{above}' above it (chmod go-w)"
            : null;
    }

    /// <summary>Waits until no other process adds to this cache. The system lets go when a process dies.</summary>
    /// <param name="progress">Is told once that somebody is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">The other process has not let go within <see cref="LongestWait"/>.</exception>
    public async Task<IDisposable> LockAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        var begun = _clock.GetTimestamp();
        for (var isTold = false; ; isTold = true)
        {
            if (TryLock() is { } held)
                return held;

            if (!isTold)
            {
                var line = $"LocalPostgres is waiting for {NameOwner()}, which is fetching PostgreSQL into {Location}.";
                await progress.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            if (_clock.GetElapsedTime(begun) >= LongestWait)
            {
                throw new TimeoutException(
                    $"waited {LongestWait.TotalMinutes:0} minutes for {NameOwner()}, which is fetching PostgreSQL into {Location} and "
                    + $"holds the lock '{LockFile}'; if it hangs, end it and start again");
            }

            await Task.Delay(Poll, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A new folder beside those of the packages, for the holder of the lock. Removes what killed processes left behind.</summary>
    public string BeginUnfinished()
    {
        RemoveUnfinished();
        var folder = Path.Combine(Location, UnfinishedPrefix + Guid.NewGuid().ToString("N"));
        Create(folder);
        return folder;
    }

    /// <summary>Leaves what cannot be removed now to the next process.</summary>
    public void RemoveUnfinished()
    {
        foreach (var folder in Directory.EnumerateDirectories(Location, UnfinishedPrefix + "*").ToList())
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody is reading it.
            }
        }
    }

    /// <summary>Takes over a complete folder.</summary>
    public async Task KeepAsync(BinaryPackage package, string folder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            var programs = ProgramsIn(folder);
            File.SetUnixFileMode(folder, Runnable);
            foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", ButLinks))
                file.UnixFileMode = file is DirectoryInfo || Path.GetDirectoryName(file.FullName) == programs ? Runnable : Readable;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Move(folder, PlaceOf(package));
                return;
            }
            catch (Exception e) when (
                e is IOException or UnauthorizedAccessException && OperatingSystem.IsWindows() && attempt < MostMoves)
            {
                // Windows moves no folder while a scanner reads a file in it.
                await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private FileStream? TryLock()
    {
        FileStream held;
        try
        {
            held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockFile))
        {
            return null;
        }

        try
        {
            File.WriteAllText(OwnerFile, ProcessIdentity.Current().ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody who waits is reading it. Who comes later is not told the name.
        }

        return held;
    }

    private string NameOwner() =>
        ProcessIdentity.ReadFrom(OwnerFile) is { } owner && owner.IsAlive() ? $"process {owner.ProcessId}" : "another process";

    private static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;

        if (Path.GetDirectoryName(folder) is { } parent)
            Create(parent);

        // Whatever the umask is.
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, Runnable);
    }
}
