namespace FluentEventStore.ApiSnippets;

/// <summary>The pages whose code is tested here.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FluentEventStore.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests holds FluentEventStore.sln.");

        return folder.FullName;
    }
}
