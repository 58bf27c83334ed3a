using FluentEventStore;
using Npgsql;

namespace GitHistory;

/// <summary>What the user asked for.</summary>
/// <param name="Path">A folder in the repository.</param>
/// <param name="Connection">The server to use; null for a private one.</param>
/// <param name="Schema">The schema that holds the store.</param>
/// <param name="DataFolder">Where a private server keeps its data; null for a temporary one.</param>
/// <param name="Json">Whether the summary is for a program.</param>
/// <param name="Help">Whether only the usage is asked for.</param>
internal sealed record CommandLine(string Path, string? Connection, string Schema, string? DataFolder, bool Json, bool Help)
{
    public const string Usage = """
        Imports the history of a git repository into an event store in PostgreSQL.

        Usage: dotnet run --project samples/GitHistory -- [PATH] [options]

          PATH               a folder in the repository (default: the current one)
          --connection TEXT  use the PostgreSQL of this connection string
                             (default: a private server that lives as long as the program)
          --schema NAME      the schema to import into (default: git_history)
          --keep DIR         keep the private server's data in DIR, so that the next run continues
          --json             print the summary as JSON
          -h, --help         print this

        Ctrl+C stops after the commit at hand. Exit codes: 0 done, 2 not possible, 130 stopped.

        """;

    /// <exception cref="UsageException">An argument is unknown, or has no good value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var asked = new CommandLine(Path: "", Connection: null, Schema: "git_history", DataFolder: null, Json: false, Help: false);
        var remaining = new Queue<string>(arguments);
        var optionsEnded = false;
        while (remaining.TryDequeue(out var argument))
        {
            if (optionsEnded || !argument.StartsWith('-'))
            {
                asked = asked.Path.Length == 0
                    ? asked with { Path = RequireText("PATH", argument) }
                    : throw new UsageException($"one PATH is enough, but there is also '{argument}'");
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
            switch (name, value)
            {
                case ("--connection", _):
                    asked = asked with { Connection = RequireConnection(name, value ?? Next(name, remaining)) };
                    break;
                case ("--schema", _):
                    asked = asked with { Schema = RequireSchema(value ?? Next(name, remaining)) };
                    break;
                case ("--keep", _):
                    asked = asked with { DataFolder = System.IO.Path.GetFullPath(RequireText(name, value ?? Next(name, remaining))) };
                    break;
                case ("--json", null):
                    asked = asked with { Json = true };
                    break;
                case ("-h" or "--help", null):
                    asked = asked with { Help = true };
                    break;
                case ("--", null):
                    optionsEnded = true;
                    break;
                default:
                    throw new UsageException($"there is no option '{argument}'");
            }
        }

        if (asked is { Connection: not null, DataFolder: not null })
            throw new UsageException("--keep is for the private server, which --connection replaces");

        return asked with { Path = System.IO.Path.GetFullPath(asked.Path.Length == 0 ? "." : asked.Path) };
    }

    private static string Next(string name, Queue<string> remaining) =>
        remaining.TryDequeue(out var value) ? value : throw new UsageException($"{name} needs a value");

    private static string RequireText(string name, string value) =>
        string.IsNullOrWhiteSpace(value) ? throw new UsageException($"{name} is empty") : value;

    private static string RequireConnection(string name, string value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(RequireText(name, value)).Host is null
                ? throw new UsageException("--connection names no Host")
                : value;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new UsageException($"--connection is not a connection string: {e.Message}");
        }
    }

    private static string RequireSchema(string value)
    {
        try
        {
            return new EventStoreOptions { Schema = value }.Schema;
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--schema '{value}' is not a plain lower-case name: a to z, 0 to 9 and _, at most 63 characters");
        }
    }
}
