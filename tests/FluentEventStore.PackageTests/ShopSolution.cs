namespace FluentEventStore.PackageTests;

/// <summary>
/// The solution of a user, built once: events in C# 12 without nullable annotations, events in C# 14 with every warning an error, a
/// plug-in, and a program without events that names only the project it uses.
/// </summary>
public sealed class ShopSolution(Packages packages) : IAsyncLifetime
{
    private IReadOnlyList<string> _printed = [];
    private bool _hasNoServer;

    internal CommandResult Built { get; private set; } = null!;

    /// <summary>What the program printed, by lines; skips the test if there is no PostgreSQL for it.</summary>
    internal IReadOnlyList<string> Printed
    {
        get
        {
            Assert.SkipWhen(_hasNoServer, "No PostgreSQL was found for a program to work with. Install it.");
            return _printed;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Built = (await packages.BuildAsync("Shop")).ShouldSucceed();
        var plugin = Path.Combine(packages.PathOf("Shop"), "Plugin", "bin", "Debug", "net10.0", "Plugin.dll");
        var run = await packages.RunAsync("Shop/App", plugin);
        _hasNoServer = run.Output.Contains("No PostgreSQL was found", StringComparison.Ordinal);
        if (!_hasNoServer)
            _printed = run.ShouldSucceed().Output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
