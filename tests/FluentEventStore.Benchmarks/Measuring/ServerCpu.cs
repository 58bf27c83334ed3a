using System.Globalization;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>
/// What PostgreSQL's processes have spent on the CPUs. Known only if the server runs on this machine and the machine has <c>/proc</c>.
/// </summary>
internal sealed class ServerCpu
{
    // The unit of /proc/PID/stat is fixed at 10 ms for all programs, whatever the kernel counts in.
    private const double MicrosecondsPerTick = 10_000;
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int SystemField = 12;

    private readonly string? _postmaster;

    /// <param name="backend">The process id of any connection of the server, as the server knows it.</param>
    /// <param name="isLocal">Whether the server runs on this machine.</param>
    public ServerCpu(int backend, bool isLocal)
    {
        if (isLocal && Read(backend.ToString(CultureInfo.InvariantCulture)) is { } fields)
            _postmaster = fields[ParentField];
    }

    /// <summary>What each process has spent so far.</summary>
    public IReadOnlyDictionary<string, double> Now() => _postmaster is null
        ? new Dictionary<string, double>()
        : Directory.EnumerateDirectories("/proc")
            .Select(directory => Path.GetFileName(directory))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => (Name: name, Fields: Read(name)))
            .Where(process => process.Fields is not null && process.Fields[ParentField] == _postmaster)
            .ToDictionary(
                process => process.Name,
                process => (Ticks(process.Fields![UserField]) + Ticks(process.Fields[SystemField])) * MicrosecondsPerTick);

    /// <summary>What the processes that still exist have spent since; null if that cannot be seen.</summary>
    public double? Since(IReadOnlyDictionary<string, double> before)
        => _postmaster is null ? null : Now().Sum(process => process.Value - before.GetValueOrDefault(process.Key));

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    /// <summary>The fields that follow the name, which is in brackets and may hold anything.</summary>
    private static string[]? Read(string process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return line.StartsWith(process, StringComparison.Ordinal) && line.Contains("(postgres)", StringComparison.Ordinal)
                ? line[(line.LastIndexOf(')') + 2)..].Split(' ')
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
