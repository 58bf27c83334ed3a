namespace GitHistory.Git;

/// <summary>
/// What git may know of its surroundings. The user's configuration stays in force where it decides what git counts (mailmap, attributes,
/// the rename limit), so that the numbers are those of the user's own git; what changes the form of the output is overruled.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>Overrules settings that have no option of their own on the command line.</summary>
    public static IReadOnlyList<string> PlainOutput { get; } =
    [
        "-c", "log.showRoot=true",
        "-c", "diff.relative=false",
    ];

    public static void Prepare(IDictionary<string, string?> environment)
    {
        // Inside a hook, GIT_DIR and its kin name another repository than the one asked for.
        foreach (var name in environment.Keys.Where(IsAboutAnotherCall).ToList())
            environment.Remove(name);

        environment["LC_ALL"] = "C";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_TERMINAL_PROMPT"] = "0";
    }

    private static bool IsAboutAnotherCall(string name) =>
        name.StartsWith("GIT_", StringComparison.Ordinal)
        && !name.StartsWith("GIT_CONFIG_", StringComparison.Ordinal)
        && name is not ("GIT_EXEC_PATH" or "GIT_CEILING_DIRECTORIES" or "GIT_DISCOVERY_ACROSS_FILESYSTEM");
}
