namespace FluentEventStore.PostgresTests;

/// <summary>A folder for one test. The server's user, which may be another one, can pass through it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Location = Directory.CreateTempSubdirectory("fluenteventstore-test-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Location, File.GetUnixFileMode(Location) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public string Location { get; }

    public string Child(string name) => Path.Combine(Location, name);

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
