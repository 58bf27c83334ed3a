using FluentEventStore.Processes;

namespace FluentEventStore.Fetching;

/// <summary>The folder of this user that holds fetched programs, one folder for each package.</summary>
/// <remarks>What is being fetched is in a folder of another name. It gets its own name when it is complete and checked.</remarks>
internal sealed class BinaryCache(string location)
{
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

    public string Location { get; } = Path.TrimEndingDirectorySeparator(location);

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
    public async Task<IDisposable> LockAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        var isTold = false;
        var path = Path.Combine(Location, "fetching.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!isTold)
                {
                    var line = $"LocalPostgres is waiting for another process that is fetching PostgreSQL into {Location}.";
                    await progress.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
                    isTold = true;
                }

                await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
            }
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
