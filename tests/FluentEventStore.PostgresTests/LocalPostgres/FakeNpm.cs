namespace FluentEventStore.PostgresTests;

/// <summary>A program named npm that notes how it is called, and gives an archive.</summary>
internal sealed class FakeNpm : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="script">What it does: lines of the shell.</param>
    public FakeNpm(string script)
    {
        Directory.CreateDirectory(SearchPath);
        var npm = Path.Combine(SearchPath, "npm");
        File.WriteAllText(npm, $"#!/bin/sh\necho \"$@\" >>'{Log}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(npm, File.GetUnixFileMode(npm) | UnixFileMode.UserExecute);
    }

    public string SearchPath => _folder.Child("bin");

    /// <summary>The arguments of each call.</summary>
    public IReadOnlyList<string> Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => _folder.Child("calls");

    public static FakeNpm Giving(string archive) => new($"/bin/cp '{archive}' given.tgz");

    public void Dispose() => _folder.Dispose();
}
