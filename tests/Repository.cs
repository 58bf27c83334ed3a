namespace FluentEventStore;

/// <summary>The files of the repository, without what a build makes of them.</summary>
internal static class Repository
{
    private static readonly string[] MadeFolders = [
        "bin",
        "obj",
        ".git",
        ".vs",
        ".idea",
        "artifacts",
        "TestResults",
        "BenchmarkDotNet.Artifacts"
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>The files below a folder whose names have one of these endings, as paths from the root with slashes.</summary>
    public static IReadOnlyList<string> Files(string folder, params string[] endings)
    {
        var start = Path.Combine(Root, folder);
        return Directory.Exists(start)
            ? [.. Walk(start).Where(file => endings.Length == 0 || endings.Any(file.EndsWith)).Order(StringComparer.Ordinal)]
            : [];
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(static inner => !MadeFolders.Contains(Path.GetFileName(inner))))
        {
            foreach (var file in Walk(inner))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FluentEventStore.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("No folder above the tests holds FluentEventStore.sln.");
    }
}
