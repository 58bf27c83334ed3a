using System.Diagnostics;

namespace FluentEventStore.PostgresTests.Samples.GitHistory;

/// <summary>The sample as users start it: a process of its own.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _complaint;

    private SampleProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _complaint = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static SampleProcess Start(string[] arguments, string? searchPath = null)
    {
        var start = new ProcessStartInfo(FindDotnet(), ["exec", Path.Combine(AppContext.BaseDirectory, "GitHistory.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (searchPath is not null)
            start.Environment["PATH"] = searchPath;

        return new SampleProcess(Process.Start(start).ShouldNotBeNull());
    }

    /// <summary>As <c>kill -9</c> does it: nothing gets a chance to tidy up.</summary>
    public void Kill() => _process.Kill();

    public async Task<Run> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Run(_process.ExitCode, await _output, await _complaint);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        _process.Dispose();
    }

    // By its full path: a test may give the process another search path.
    private static string FindDotnet() => Environment.GetEnvironmentVariable("PATH").ShouldNotBeNull().Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))
        .First(File.Exists);
}
