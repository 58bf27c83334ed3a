namespace FluentEventStore.Installations;

/// <summary>How to get a PostgreSQL on this system.</summary>
internal static class InstallationAdvice
{
    public static string ForThisSystem() =>
        OperatingSystem.IsWindows() ? "Install it with: winget install PostgreSQL.PostgreSQL.17"
        : OperatingSystem.IsMacOS() ? "Install it with: brew install postgresql@17"
        : ForLinux(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "");

    /// <param name="release">The content of /etc/os-release.</param>
    public static string ForLinux(string release)
    {
        var families = release.Split('\n')
            .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\r').Split(' '))
            .ToHashSet(StringComparer.Ordinal);

        return families switch
        {
            _ when families.Overlaps(["debian", "ubuntu"]) => "Install it with: sudo apt-get install postgresql",
            _ when families.Overlaps(["fedora", "rhel"]) => "Install it with: sudo dnf install postgresql-server",
            _ when families.Contains("alpine") => "Install it with: apk add postgresql",
            _ when families.Contains("arch") => "Install it with: sudo pacman -S postgresql",
            _ => "Install PostgreSQL 14 or later with the package manager of this system.",
        };
    }
}
