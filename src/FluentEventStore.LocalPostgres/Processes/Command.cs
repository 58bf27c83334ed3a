using System.ComponentModel;
using System.Diagnostics;

namespace FluentEventStore.Processes;

/// <summary>One run of a program to its end.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    // What programs need to be found, to find their libraries and to write temporary files.
    private static readonly HashSet<string> Inherited = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LOCALE_ARCHIVE", "TMPDIR", "TMP", "TEMP",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramFiles",
        "ProgramData",
    };

    /// <remarks>
    /// <paramref name="capture"/> is false for a program whose child stays, if the child would inherit the pipe and never close it.
    /// </remarks>
    public static Task<Command> RunAsync(
        IReadOnlyList<string> words, string workingDirectory, bool capture, CancellationToken cancellationToken) =>
        RunAsync(Describe(words, workingDirectory), capture, cancellationToken);

    /// <inheritdoc cref="RunAsync(IReadOnlyList{string}, string, bool, CancellationToken)"/>
    public static async Task<Command> RunAsync(ProcessStartInfo start, bool capture, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        process.StartInfo.RedirectStandardOutput = capture;
        process.StartInfo.RedirectStandardError = capture;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new Command(-1, $"{start.FileName}: {e.Message}");
        }

        try
        {
            if (!capture)
            {
                await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                return new Command(process.ExitCode, "");
            }

            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new Command(process.ExitCode, (await output.ConfigureAwait(false) + await errors.ConfigureAwait(false)).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static ProcessStartInfo Describe(IReadOnlyList<string> words, string workingDirectory)
    {
        var start = DescribeOwn(words, workingDirectory);

        // What the environment holds may be secret, and these programs may run as another user. PGPORT, PGOPTIONS and the like are meant
        // for another server. Messages are parsed, so they stay in English.
        foreach (var name in start.Environment.Keys.Where(name => !Inherited.Contains(name)).ToList())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>For a program that is not PostgreSQL's: it gets the whole environment of this process.</summary>
    public static ProcessStartInfo DescribeOwn(IReadOnlyList<string> words, string workingDirectory) => new(words[0], words.Skip(1))
    {
        WorkingDirectory = workingDirectory,
        UseShellExecute = false,
        CreateNoWindow = true,
    };
}
