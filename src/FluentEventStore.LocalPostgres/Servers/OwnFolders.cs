using FluentEventStore.Processes;

namespace FluentEventStore.Servers;

/// <summary>Tells folders that nobody but this user can have made, and nobody else can change, from those that somebody else has put in their place.</summary>
internal static class OwnFolders
{
    /// <summary>A function of the shell that is true for such a folder: no link, owned by this user, written by nobody else.</summary>
    public const string Test = """
        own() { [ ! -L "$1" ] && [ -O "$1" ] && case $(ls -ldn "$1") in d????-??-?*) ;; *) false ;; esac; }
        """;

    // As many as fit into one command line.
    private const int Most = 500;

    /// <summary>Those of the folders that are this user's alone. On Windows all of them: the folder for temporary files is the user's own there.</summary>
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

    public static async Task<bool> ContainAsync(string folder, CancellationToken cancellationToken) =>
        (await AmongAsync([folder], cancellationToken).ConfigureAwait(false)).Count == 1;
}
