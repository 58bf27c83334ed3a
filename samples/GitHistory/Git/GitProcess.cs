using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace GitHistory.Git;

/// <summary>A running git. Its output is bytes; its complaints are kept for the error message.</summary>
internal sealed class GitProcess : IAsyncDisposable
{
    private const int KilledByInterrupt = 130;
    private const int MaxComplaint = 4096;

    private readonly Process _process;
    private readonly string _command;
    private readonly Task<string> _complaint;

    private GitProcess(Process process, string command)
    {
        _process = process;
        _command = command;
        // Read at the same time as the output: git would wait for ever on a full pipe.
        _complaint = ReadComplaintAsync(process.StandardError);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public static GitProcess Start(string directory, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "--no-pager", "-C", directory },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        GitEnvironment.Prepare(start.Environment);
        try
        {
            var process = Process.Start(start)!; // Null only where the shell is used.
            process.StandardInput.Close();
            return new GitProcess(process, CommandIn(arguments));
        }
        catch (Win32Exception e)
        {
            throw new GitException($"git could not be started ({e.Message}). Install it, or add it to the PATH.", e);
        }
    }

    /// <summary>Runs git for a short answer.</summary>
    /// <exception cref="GitException">It failed.</exception>
    public static async Task<string> AskAsync(string directory, string[] arguments, CancellationToken cancellationToken)
    {
        await using var git = Start(directory, arguments);
        var answer = await git._process.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.EnsureSucceededAsync(cancellationToken);
        return answer.Trim();
    }

    /// <summary>Runs git for a yes or no, which is its exit code.</summary>
    public static async Task<bool> TryAsync(string directory, string[] arguments, CancellationToken cancellationToken)
    {
        await using var git = Start(directory, arguments);
        await git.Output.CopyToAsync(Stream.Null, cancellationToken);
        await git._process.WaitForExitAsync(cancellationToken);
        return git._process.ExitCode == 0;
    }

    /// <summary>Waits for the end. Output may be cut off anywhere unless this succeeds.</summary>
    /// <exception cref="GitException">Git failed or was killed.</exception>
    /// <exception cref="OperationCanceledException">Ctrl+C in the terminal ended git too.</exception>
    public async Task EnsureSucceededAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode == 0)
            return;

        if (_process.ExitCode == KilledByInterrupt)
            throw new OperationCanceledException("git was interrupted.");

        throw new GitException($"git {_command} failed with exit code {_process.ExitCode}: {FirstFault(await _complaint)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _complaint;
        _process.Dispose();
    }

    private static string CommandIn(ReadOnlySpan<string> arguments)
    {
        var index = 0;
        while (arguments[index] == "-c")
            index += 2;

        return arguments[index];
    }

    private static async Task<string> ReadComplaintAsync(StreamReader reader)
    {
        var complaint = new StringBuilder();
        var buffer = new char[1024];
        for (int count; (count = await reader.ReadAsync(buffer)) > 0;)
            complaint.Append(buffer.AsSpan(0, Math.Min(count, MaxComplaint - complaint.Length)));

        return complaint.ToString();
    }

    private static string FirstFault(string complaint)
    {
        var lines = complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(static line => line.StartsWith("fatal:", StringComparison.Ordinal))
            ?? lines.FirstOrDefault()
            ?? "it gave no reason";
    }
}
