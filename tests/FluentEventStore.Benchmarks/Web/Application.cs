using System.Diagnostics;

namespace FluentEventStore.Benchmarks.Web;

/// <summary>A web application that appends an event for each POST: the same one with the library, with Marten, and with neither.</summary>
internal sealed record Application(string Project)
{
    public static Application Ours { get; } = new("FluentEventStore.Benchmarks.App");

    public static Application Marten { get; } = new("FluentEventStore.Benchmarks.MartenApp");

    public static Application Bare { get; } = new("FluentEventStore.Benchmarks.BareApp");

    /// <summary>Its program as it was built together with this one.</summary>
    public string Built
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "tests", Project, "bin", folder.Parent!.Name, folder.Name, Project);
        }
    }

    /// <summary>Publishes it for release.</summary>
    /// <param name="folder">Where to. What an earlier run left there is used again.</param>
    /// <param name="isNative">Whether it is compiled ahead of time.</param>
    /// <returns>Its program.</returns>
    /// <exception cref="InvalidOperationException">It cannot be published.</exception>
    public async Task<string> PublishAsync(string folder, bool isNative)
    {
        var target = Path.Combine(folder, "app");
        string[] native = isNative ? ["-p:Native=true"] : [];
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "publish",
                Path.Combine(Repository.Root, "tests", Project),
                "--configuration",
                "Release",
                "--use-current-runtime",
                "--artifacts-path",
                folder,
                "--output",
                target,
                .. isNative ? native : ["--no-self-contained"],
            ])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Path.Combine(target, Project) : throw new InvalidOperationException($"{Project}: {said}");
    }
}
