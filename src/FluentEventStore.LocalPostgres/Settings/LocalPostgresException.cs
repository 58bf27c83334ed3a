namespace FluentEventStore;

/// <summary><see cref="LocalPostgres"/> has no server to offer.</summary>
/// <remarks>
/// Nothing is left running, and a temporary folder is removed. A given data directory is as it was, or holds a fresh and empty server.
/// </remarks>
public sealed class LocalPostgresException : Exception
{
    internal LocalPostgresException(
        string message,
        IReadOnlyList<string>? tried = null,
        string? output = null,
        string? serverLog = null,
        int? ownerProcessId = null,
        Exception? innerException = null)
        : base(Describe(message, output, serverLog), innerException)
    {
        Tried = tried ?? [];
        Output = output;
        ServerLog = serverLog;
        OwnerProcessId = ownerProcessId;
    }

    /// <summary>
    /// The places where a PostgreSQL was looked for, in order, each with the reason why it was not used. Empty if one was found.
    /// </summary>
    public IReadOnlyList<string> Tried { get; }

    /// <summary>What the failing PostgreSQL program printed; null if none ran or nothing was printed.</summary>
    public string? Output { get; }

    /// <summary>The last lines of the server's log; null if it wrote none.</summary>
    public string? ServerLog { get; }

    /// <summary>The process that uses the data directory; null if that is not the reason or the process is unknown.</summary>
    public int? OwnerProcessId { get; }

    private static string Describe(string message, string? output, string? serverLog) =>
        string.Join(
            Environment.NewLine,
            new[]
            {
                message,
                string.IsNullOrWhiteSpace(output) ? null : $"Output:{Environment.NewLine}{output}",
                string.IsNullOrWhiteSpace(serverLog) ? null : $"End of the server log:{Environment.NewLine}{serverLog}",
            }.OfType<string>());
}
