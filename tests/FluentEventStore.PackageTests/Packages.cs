using System.Globalization;
using System.Reflection;

[assembly: AssemblyFixture(typeof(FluentEventStore.PackageTests.Packages))]

namespace FluentEventStore.PackageTests;

/// <summary>
/// The packages of the library, packed once into a folder that serves as a source, with a version that no cache holds. Projects of users
/// are built below it; at the end the folder is removed.
/// </summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly string _version = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");
    private readonly string _folder = Directory.CreateTempSubdirectory("fluenteventstore-packages-").FullName;

    /// <summary>The folder of this repository.</summary>
    internal static string Root { get; } = FindRoot();

    public string Version => _version;

    public string AspNetCore => Path.Combine(_folder, "feed", $"FluentEventStore.AspNetCore.{_version}.nupkg");

    public string LocalPostgres => Path.Combine(_folder, "feed", $"FluentEventStore.LocalPostgres.{_version}.nupkg");

    public string Library => Path.Combine(_folder, "feed", $"FluentEventStore.{_version}.nupkg");

    public async ValueTask InitializeAsync()
    {
        await PackAsync("FluentEventStore");
        await PackAsync("FluentEventStore.AspNetCore");
        await PackAsync("FluentEventStore.LocalPostgres");
        Copy(Path.Combine(AppContext.BaseDirectory, "Consumers"), _folder);

        // What the build of this repository has restored need not be fetched again; nothing is written there.
        await File.WriteAllTextAsync(Path.Combine(_folder, "NuGet.config"), $"""
            <configuration>
              <packageSources>
                <add key="feed" value="feed" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="restored" value="{BuiltWith("PackageFolder")}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Builds the solution or project in a folder below <c>Consumers</c>.</summary>
    internal Task<CommandResult> BuildAsync(string consumer, params string[] arguments) => Dotnet.RunAsync(
        PathOf(consumer), Path.Combine(_folder, "cache"), ["build", .. Versions, "-nologo", .. arguments]);

    /// <summary>Runs a built project.</summary>
    internal Task<CommandResult> RunAsync(string project, params string[] arguments) =>
        Dotnet.RunAsync(PathOf(project), Path.Combine(_folder, "cache"), ["run", "--no-build", "--", .. arguments]);

    internal string PathOf(string consumer) => Path.Combine(_folder, consumer);

    private string[] Versions =>
    [
        $"-p:FluentEventStoreVersion={_version}",
        $"-p:NodaTimeVersion={BuiltWith("NodaTime")}",
        $"-p:VogenVersion={BuiltWith("Vogen")}",
        $"-p:MvvmVersion={BuiltWith("CommunityToolkit.Mvvm")}",
    ];

    private async Task PackAsync(string project) => (await Dotnet.RunAsync(
        Path.Combine(Root, "src", project),
        BuiltWith("PackageFolder"),
        "pack",
        "--no-build",
        "-c",
        BuiltWith("Configuration"),
        "-o",
        Path.Combine(_folder, "feed"),
        $"-p:Version={_version}",
        $"-p:NuspecOutputPath={_folder}/"))
        .ShouldSucceed();

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FluentEventStore.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the tests holds FluentEventStore.sln.");

        return folder.FullName;
    }

    private static string BuiltWith(string name) => typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == name).Value!;
}
