using System.Diagnostics;

namespace FluentEventStore.PostgresTests;

/// <summary>Another process that owns a server.</summary>
internal sealed class OwnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string>? _errors;

    private OwnerProcess(Process process, string connectionString, Task<string>? errors = null)
    {
        _process = process;
        _errors = errors;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public int Id => _process.Id;

    /// <summary>What it wrote to the standard error stream, known when it has ended.</summary>
    public string Errors => _errors is { IsCompletedSuccessfully: true }
        ? _errors.Result
        : throw new InvalidOperationException("It has not ended.");

    public static async Task<OwnerProcess> StartAsync(string? dataDirectory = null, string? temporaryFolder = null)
    {
        await LocalPostgresTests.SkipWithoutInstallationAsync();
        var process = Start(dataDirectory, temporaryFolder);
        var connectionString = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new OwnerProcess(process, connectionString.ShouldNotBeNull("the owner process ended"));
    }

    /// <summary>Starts one that gets its server from where these variables say.</summary>
    public static async Task<OwnerProcess> StartAsync(IReadOnlyDictionary<string, string> environment)
    {
        var start = Describe(dataDirectory: null);
        start.RedirectStandardError = true;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var connectionString = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new OwnerProcess(process, connectionString ?? throw new InvalidOperationException(await errors), errors);
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
        await (_errors ?? Task.FromResult(""));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static Process Start(string? dataDirectory, string? temporaryFolder = null)
    {
        var start = Describe(dataDirectory);
        if (temporaryFolder is not null)
            start.Environment[OperatingSystem.IsWindows() ? "TMP" : "TMPDIR"] = temporaryFolder;
        return Process.Start(start).ShouldNotBeNull();
    }

    private static ProcessStartInfo Describe(string? dataDirectory)
    {
        string[] words =
        [
            "exec",
            Path.Combine(AppContext.BaseDirectory, "FluentEventStore.LocalPostgres.Owner.dll"),
            .. dataDirectory is null ? Array.Empty<string>() : [dataDirectory],
        ];
        var start = new ProcessStartInfo("dotnet", words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove(LocalPostgres.EnvironmentVariable);
        return start;
    }
}
