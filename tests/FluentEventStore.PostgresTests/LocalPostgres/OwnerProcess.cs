using System.Diagnostics;

namespace FluentEventStore.PostgresTests;

/// <summary>Another process that owns a server.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private readonly Process _process;

    private OwnerProcess(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public int Id => _process.Id;

    public static async Task<OwnerProcess> StartAsync(string? dataDirectory = null, string? temporaryFolder = null)
    {
        await LocalPostgresTests.SkipWithoutInstallationAsync();
        var process = Start(dataDirectory, temporaryFolder);
        var connectionString = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new OwnerProcess(process, connectionString.ShouldNotBeNull("the owner process ended"));
    }

    /// <summary>Kills one in the middle of its start.</summary>
    public static async Task KillWhileStartingAsync(string temporaryFolder, Func<bool> when)
    {
        using var process = Start(dataDirectory: null, temporaryFolder);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(when()), "the owner comes to that point");
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task KillWithEveryChildAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string? dataDirectory, string? temporaryFolder = null)
    {
        string[] words =
        [
            "exec",
            Path.Combine(AppContext.BaseDirectory, "FluentEventStore.LocalPostgres.Owner.dll"),
            .. dataDirectory is null ? Array.Empty<string>() : [dataDirectory],
        ];
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove(LocalPostgres.EnvironmentVariable);
        if (temporaryFolder is not null)
            start.Environment[OperatingSystem.IsWindows() ? "TMP" : "TMPDIR"] = temporaryFolder;
        return Process.Start(start).ShouldNotBeNull();
    }
}
