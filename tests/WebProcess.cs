using System.Diagnostics;
using System.Globalization;

namespace FluentEventStore;

/// <summary>A web application as users start it: a process of its own, on Kestrel, at a free port.</summary>
internal sealed class WebProcess : IAsyncDisposable
{
    private const string Announcement = "Now listening on: ";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _complaint;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private WebProcess(Process process)
    {
        _process = process;
        _complaint = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Starts an application, and returns once it takes requests.</summary>
    /// <param name="program">Its assembly. The folder of it is the one that it starts in, where its configuration is.</param>
    /// <param name="arguments">Of the program.</param>
    public static async Task<WebProcess> StartAsync(string program, params string[] arguments)
    {
        var web = Begin(program, arguments);
        try
        {
            await web.WaitForStartAsync();
            return web;
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an application as <see cref="StartAsync"/> does, and does not wait for it.</summary>
    public static WebProcess Begin(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program, "--urls=http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new WebProcess(Process.Start(start).ShouldNotBeNull());
    }

    /// <summary>Waits until it takes requests.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message is what it said.</exception>
    public async Task WaitForStartAsync() =>
        Client.BaseAddress = await _address.Task.WaitAsync(Longest, TestContext.Current.CancellationToken);

    /// <summary>Waits until it has printed a line. Spaces around it do not count.</summary>
    public async Task WaitForLineAsync(string line)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!HasPrinted(line))
        {
            await Task.Delay(5, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            patience.IsCancellationRequested.ShouldBeFalse($"The application did not print: {line}");
        }
    }

    /// <summary>Sends a signal such as TERM, KILL or STOP; not on Windows.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks it by a signal to end, and waits until it has.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await SignalAsync("TERM");
        return await WaitForEndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForEndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Longest);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        await _process.WaitForExitAsync().WaitAsync(Longest);
        await _reading.WaitAsync(Longest);
        var said = string.Join('\n', _output.TakeLast(40)) + await _complaint.WaitAsync(Longest);
        _process.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(said);
    }

    private bool HasPrinted(string line)
    {
        lock (_output)
            return _output.Exists(printed => printed.Trim() == line);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
                _output.Add(line);

            if (line.Contains(Announcement, StringComparison.Ordinal))
                _address.TrySetResult(new Uri(line[(line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length)..]));
        }

        _address.TrySetException(new InvalidOperationException(
            $"The application did not start: {string.Join('\n', _output)}{await _complaint}"));
    }
}
