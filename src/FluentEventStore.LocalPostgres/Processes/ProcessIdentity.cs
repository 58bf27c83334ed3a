using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FluentEventStore.Processes;

/// <summary>A process id with the start time of the process, since ids are reused.</summary>
internal readonly record struct ProcessIdentity(int ProcessId, DateTimeOffset StartTime)
{
    // The start time of another process is derived from the uptime, so readings of two processes differ when the clock is set.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    public static ProcessIdentity Current()
    {
        using var process = Process.GetCurrentProcess();
        return new ProcessIdentity(process.Id, process.StartTime);
    }

    public static ProcessIdentity? Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length >= 2
            && int.TryParse(words[0], CultureInfo.InvariantCulture, out var processId)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out var milliseconds)
                ? new ProcessIdentity(processId, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
                : null;
    }

    /// <summary>The process that a file names; <see langword="null"/> if there is no such file, or it names none.</summary>
    public static ProcessIdentity? ReadFrom(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return (process.StartTime - StartTime).Duration() < Tolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // The process exists but does not tell its start time. It counts as alive: a living server must never be touched.
            return true;
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{ProcessId} {StartTime.ToUnixTimeMilliseconds()}");
}
