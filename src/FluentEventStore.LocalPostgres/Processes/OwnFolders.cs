namespace FluentEventStore.Processes;

/// <summary>Finds the folders that only this user can have made and can change. Others may have been put there by other users.</summary>
internal static class OwnFolders
{
    /// <summary>A shell function that is true for such a folder: no link, owned by this user, and not writable by others.</summary>
    public const string Test = """
        own() { [ ! -L "$1" ] && [ -O "$1" ] && case $(ls -ldn "$1") in d????-??-?*) ;; *) false ;; esac; }
        """;

    // Checks each folder above a given one, by the given path and by the path that its links lead to. It must belong to root or to this
    // user, and not be writable by others. A group of the user's name is the user's own. The sticky bit also does: with it nobody can move
    // the folders of others.
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
    /// The folders that are this user's alone. On Windows that is all of them: there the folder for temporary files is the user's own.
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
    /// A folder above the given one that other users can change, so that they could replace the given one; <see langword="null"/> if there
    /// is none.
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
