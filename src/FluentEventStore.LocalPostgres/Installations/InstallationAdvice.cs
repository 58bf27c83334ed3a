namespace FluentEventStore.Installations;

/// <summary>How to get a PostgreSQL, one command for each system.</summary>
internal static class InstallationAdvice
{
    private const string Windows = "winget install PostgreSQL.PostgreSQL.18";
    private const string MacOS = "brew install postgresql@18";

    private static readonly (string[] Families, string Name, string Command)[] Linux =
    [
        (["debian", "ubuntu"], "Debian, Ubuntu", "sudo apt-get install postgresql"),
        (["fedora", "rhel"], "Fedora", "sudo dnf install postgresql-server"),
        (["alpine"], "Alpine", "apk add postgresql"),
        (["arch"], "Arch", "sudo pacman -S postgresql"),
    ];

    /// <summary>A line for each system.</summary>
    public static IReadOnlyList<string> ForEverySystem { get; } =
        [.. Linux.Select(static linux => $"{linux.Name}: {linux.Command}"), $"macOS: {MacOS}", $"Windows: {Windows}"];

    public static string ForThisSystem() =>
        OperatingSystem.IsWindows() ? $"Install it with: {Windows}"
        : OperatingSystem.IsMacOS() ? $"Install it with: {MacOS}"
        : ForLinux(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "");

    /// <param name="release">The content of /etc/os-release.</param>
    public static string ForLinux(string release)
    {
        var families = release.Split('\n')
            .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\r').Split(' '))
            .ToHashSet(StringComparer.Ordinal);

        return Linux.FirstOrDefault(linux => families.Overlaps(linux.Families)).Command is { } command
            ? $"Install it with: {command}"
            : "Install PostgreSQL 14 or later with the package manager of this system.";
    }
}
