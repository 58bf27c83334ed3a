using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FluentEventStore.Benchmarks.Web;

/// <summary>A web application in a process of its own, on Kestrel, at a port that was free.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly IPEndPoint _address;
    private readonly Task<string> _output;
    private readonly Task<string> _complaint;
    private readonly List<Caller> _callers = [];

    private RunningApplication(Process process, IPEndPoint address)
    {
        _process = process;
        _address = address;
        _output = process.StandardOutput.ReadToEndAsync();
        _complaint = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it, and returns at once.</summary>
    /// <param name="program">What is started.</param>
    /// <param name="connectionString">The database that it works with.</param>
    /// <param name="schema">The schema there, which exists.</param>
    public static RunningApplication Start(string program, string connectionString, string schema)
    {
        IPEndPoint address = FindFreeAddress();
        var start = new ProcessStartInfo(
            program, [$"--urls=http://{address}", $"--ConnectionStrings:Store={connectionString}", $"--Schema={schema}"])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return new RunningApplication(Process.Start(start)!, address);
    }

    /// <summary>A connection, made as soon as the application takes it. It ends with the application.</summary>
    /// <exception cref="InvalidOperationException">The application has ended, or has not listened within a minute.</exception>
    public async Task<Caller> ConnectAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await Caller.TryConnectAsync(_address) is { } caller)
            {
                _callers.Add(caller);
                return caller;
            }

            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} has ended: {await _output}{await _complaint}");

            if (Stopwatch.GetElapsedTime(started) > LongestStart)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} does not listen.");

            await Task.Delay(PauseBetweenAttempts);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Caller caller in _callers)
            caller.Dispose();

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_output, _complaint);
        _process.Dispose();
    }

    private static IPEndPoint FindFreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
