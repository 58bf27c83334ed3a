namespace FluentEventStore.PackageTests;

/// <summary>
/// The solution of a user, built once: events in C# 12 without nullable annotations, events in C# 14 with every warning an error, a plug-in, and a program
/// without events that names only the project it uses.
/// </summary>
public sealed class ShopSolution(Packages packages) : IAsyncLifetime
{
    internal CommandResult Built { get; private set; } = null!;

    /// <summary>What the program printed, by lines.</summary>
    internal IReadOnlyList<string> Printed { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Built = (await packages.BuildAsync("Shop")).ShouldSucceed();
        var plugin = Path.Combine(packages.PathOf("Shop"), "Plugin", "bin", "Debug", "net10.0", "Plugin.dll");
        Printed = (await packages.RunAsync("Shop/App", plugin)).ShouldSucceed().Output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
