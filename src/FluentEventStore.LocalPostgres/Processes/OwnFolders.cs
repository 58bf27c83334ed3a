namespace FluentEventStore.Processes;

/// <summary>
/// Tells folders that nobody but this user can have made, and nobody else can change, from those that somebody else has put in their place.
/// </summary>
internal static class OwnFolders
{
    /// <summary>A function of the shell that is true for such a folder: no link, owned by this user, written by nobody else.</summary>
    public const string Test = """
        own() { [ ! -L "$1" ] && [ -O "$1" ] && case $(ls -ldn "$1") in d????-??-?*) ;; *) false ;; esac; }
        """;

    // Each folder above a given one, by the path that was given and by the one that its links lead to: of root or of this user, and written
    // by nobody else; a group of the user's name is the user's own. In one with the sticky bit nobody moves what is another's.
    private const string FindUnsafe = """
        me=$(id -u); group=$(id -g); [ "$(id -gn)" = "$(id -un)" ] || group=none
        safe() {
          set -- $(ls -ldn "$1/.")
          [ "$3" = 0 ] || [ "$3" = "$me" ] || return 1
          case $1 in d????????[tT]*) return 0 ;; d???????w*) return 1 ;; d????w*) [ "$4" = "$group" ] || [ "$4" = 0 ] ;; esac
        }
        walk() {
          folder=$1
          while :; do
            safe "$folder" || { printf 'unsafe:%s\n' "$folder"; exit; }
            [ "$folder" != / ] || break
            folder=$(dirname "$folder")
          done
        }
        above=$(dirname "$1")
        walk "$above"
        walk "$(cd -P "$above" && pwd -P)"
        """;

    // As many as fit into one command line.
    private const int Most = 500;

    /// <summary>
    /// Those of the folders that are this user's alone. On Windows all of them: the folder for temporary files is the user's own there.
    /// </summary>
    public static async Task<IReadOnlyList<string>> AmongAsync(IEnumerable<string> folders, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            return [.. folders];

        List<string> own = [];
        foreach (var some in folders.Chunk(Most))
        {
            var told = await Command.RunAsync(
                ["/bin/sh", "-c", Test + "\nfor folder do own \"$folder\" && printf 'own:%s\\n' \"$folder\"; done", "own", .. some],
                "/",
                capture: true,
                cancellationToken).ConfigureAwait(false);
            var lines = told.Output.Split('\n').ToHashSet(StringComparer.Ordinal);
            own.AddRange(some.Where(folder => lines.Contains($"own:{folder}")));
        }

        return own;
    }

    /// <summary>
    /// A folder above another one that somebody else can change, and so put another one in its place; <see langword="null"/> where there is
    /// none.
    /// </summary>
    public static async Task<string?> FindUnsafeAboveAsync(string folder, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            return null;

        var told = await Command.RunAsync(["/bin/sh", "-c", FindUnsafe, "own", folder], "/", capture: true, cancellationToken)
            .ConfigureAwait(false);
        const string Prefix = "unsafe:";
        return told.Output.Split('\n').FirstOrDefault(static line => line.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..];
    }

    public static async Task<bool> ContainAsync(string folder, CancellationToken cancellationToken) =>
        (await AmongAsync([folder], cancellationToken).ConfigureAwait(false)).Count == 1;
}
