using System.Diagnostics;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>The sample as users start it: a process of its own, on Kestrel, at a free port.</summary>
internal sealed class BankProcess : IAsyncDisposable
{
    private const string Announcement = "Now listening on: ";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Task<string> _complaint;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private BankProcess(Process process)
    {
        _process = process;
        _complaint = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
        Client.DefaultRequestHeaders.Add("X-Tenant", "north");
    }

    /// <summary>Works for the branch in the north.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Starts the bank, and returns once it takes requests.</summary>
    /// <param name="connectionString"><see langword="null"/>: it starts a server of its own.</param>
    /// <param name="settings">Further arguments.</param>
    public static async Task<BankProcess> StartAsync(string? connectionString, params string[] settings)
    {
        var bank = Begin(connectionString, settings);
        try
        {
            await bank.WaitForStartAsync();
            return bank;
        }
        catch
        {
            await bank.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the bank, and does not wait for it.</summary>
    public static BankProcess Begin(string? connectionString, params string[] settings)
    {
        // The folder of its configuration is the one that it starts in.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var built = Path.Combine(Repository.Root, "samples", "Bank", "bin", folder.Parent!.Name, folder.Name);
        string[] connection = connectionString is null ? [] : [$"--ConnectionStrings:Bank={connectionString}"];
        var start = new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(built, "Bank.dll"), "--urls=http://127.0.0.1:0", .. connection, .. settings])
        {
            WorkingDirectory = built,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new BankProcess(Process.Start(start).ShouldNotBeNull());
    }

    /// <summary>Waits until it takes requests.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message is what it said.</exception>
    public async Task WaitForStartAsync() =>
        Client.BaseAddress = await _address.Task.WaitAsync(Longest, TestContext.Current.CancellationToken);

    /// <summary>Sends a signal such as TERM, KILL or STOP; not on Windows.</summary>
    public async Task SignalAsync(string signal)
    {
        string[] arguments = [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        using var kill = Process.Start("kill", arguments);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end, which a signal asked for.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
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

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            if (line.Contains(Announcement, StringComparison.Ordinal))
                _address.TrySetResult(new Uri(line[(line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length)..]));
        }

        _address.TrySetException(new InvalidOperationException(
            $"The bank did not start: {string.Join('\n', _output)}{await _complaint}"));
    }
}
