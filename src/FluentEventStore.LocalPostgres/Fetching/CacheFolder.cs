namespace FluentEventStore.Fetching;

/// <summary>Where fetched programs are kept, by the conventions of each system.</summary>
internal static class CacheFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "FLUENTEVENTSTORE_POSTGRES_CACHE";

    public static string OfThisSystem() => Path.GetFullPath(
        OperatingSystem.IsWindows() ? OfWindows(Environment.GetEnvironmentVariable, Known(Environment.SpecialFolder.LocalApplicationData))
        : OperatingSystem.IsMacOS()
            ? OfMacOS(Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess, Known(Environment.SpecialFolder.UserProfile))
            : OfLinux(Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess, Known(Environment.SpecialFolder.UserProfile)));

    public static string OfWindows(Func<string, string?> variable, string localApplicationData) =>
        Named(variable, Variable) ?? Below(localApplicationData);

    // The server of root runs as another user, who cannot enter root's home.
    public static string OfMacOS(Func<string, string?> variable, bool isRoot, string home) =>
        Named(variable, Variable) ?? Below(isRoot ? "/Library/Caches" : Path.Combine(home, "Library", "Caches"));

    // The XDG specification allows no relative path.
    public static string OfLinux(Func<string, string?> variable, bool isRoot, string home) =>
        Named(variable, Variable)
        ?? Below(
            isRoot ? "/var/cache"
            : Named(variable, "XDG_CACHE_HOME") is { } caches && Path.IsPathRooted(caches) ? caches
            : Path.Combine(home, ".cache"));

    private static string Below(string caches) => Path.Combine(caches, "fluenteventstore", "binaries");

    private static string? Named(Func<string, string?> variable, string name) =>
        variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static string Known(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
