using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>A process that carries subscriptions, to be killed and paused.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Effects _effects;
    private readonly ConcurrentQueue<(int Id, string Text)> _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _complaint;

    private WorkerProcess(Process process, Effects effects, ConcurrentQueue<(int Id, string Text)> log)
    {
        (_process, _effects, _log) = (process, effects, log);
        _complaint = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Starts one.</summary>
    /// <param name="connectionString">Of the server.</param>
    /// <param name="schema">Of the store.</param>
    /// <param name="effects">Told of what its handlers do outside.</param>
    /// <param name="log">Gets its warnings.</param>
    public static WorkerProcess Start(
        string connectionString, string schema, Effects effects, ConcurrentQueue<(int Id, string Text)> log)
    {
        string[] words = ["exec", typeof(WorkerProcess).Assembly.Location, WorkerProgram.Word, connectionString, schema];
        var start = new ProcessStartInfo("dotnet", words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new WorkerProcess(Process.Start(start).ShouldNotBeNull(), effects, log);
    }

    /// <summary>Waits until it carries what there is to carry.</summary>
    public Task WaitUntilReadyAsync() => _ready.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
    }

    /// <summary>Stops it where it is.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on where it was stopped.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        await _reading;
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

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            switch (words)
            {
                case [WorkerProgram.Ready]:
                    _ready.TrySetResult();
                    break;
                case [WorkerProgram.Effect, var subscription, var stream, var number, var token]:
                    _effects.Add(
                        subscription,
                        stream,
                        int.Parse(number, CultureInfo.InvariantCulture),
                        long.Parse(token, CultureInfo.InvariantCulture));
                    break;
                case [WorkerProgram.Logged, var id, ..]:
                    _log.Enqueue((int.Parse(id, CultureInfo.InvariantCulture), string.Join(' ', words[2..])));
                    break;
                default:
                    // The last line of one that was killed may be a part of one.
                    break;
            }
        }

        await _process.WaitForExitAsync();
        _ready.TrySetException(new InvalidOperationException($"The process ended with {_process.ExitCode}: {await _complaint}"));
        _ = _ready.Task.Exception;
    }
}
