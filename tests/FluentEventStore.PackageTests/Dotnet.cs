using System.Diagnostics;

namespace FluentEventStore.PackageTests;

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output)
{
    public CommandResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Output);
        return this;
    }
}

/// <summary>Runs the SDK as a user does, in a process of its own that leaves no other behind.</summary>
internal static class Dotnet
{
    // Guards against a build that hangs. On a busy machine a sound build takes minutes.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    public static async Task<CommandResult> RunAsync(string folder, string packageFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };

        // A test run by the SDK inherits what the SDK set for itself.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray())
            start.Environment.Remove(name);

        start.Environment["NUGET_PACKAGES"] = packageFolder;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        start.Environment["NO_COLOR"] = "1";

        using var process = Process.Start(start)!;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(Timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation.Token);
            var error = process.StandardError.ReadToEndAsync(cancellation.Token);
            await process.WaitForExitAsync(cancellation.Token);
            return new CommandResult(process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
