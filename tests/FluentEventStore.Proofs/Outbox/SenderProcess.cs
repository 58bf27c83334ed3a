using System.Diagnostics;
using System.Globalization;

namespace FluentEventStore.Proofs.Outbox;

/// <summary>A process that sends messages, to be killed and paused.</summary>
internal sealed class SenderProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _complaint;
    private readonly Task<string?> _ready;

    private SenderProcess(Process process)
    {
        _process = process;
        _complaint = process.StandardError.ReadToEndAsync();
        _ready = process.StandardOutput.ReadLineAsync();
    }

    public static SenderProcess Start(string connectionString, string schema) => new(Process.Start(
        new ProcessStartInfo(
            "dotnet", ["exec", typeof(SenderProcess).Assembly.Location, SenderProgram.Word, connectionString, schema])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }).ShouldNotBeNull());

    public async Task WaitUntilReadyAsync()
    {
        var line = await _ready.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        line.ShouldBe("ready", line is null ? await _complaint : null);
    }

    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        if (await _complaint is { Length: > 0 } complaint)
            TestContext.Current.TestOutputHelper?.WriteLine(complaint);

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        kill.ExitCode.ShouldBe(0);
    }
}
