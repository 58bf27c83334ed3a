using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Architecture;

/// <summary>The rules for the text of files. Each returns what is wrong with a file, or nothing.</summary>
internal static partial class SourceRules
{
    private const int MaxLines = 299;
    private const int MaxColumns = 140;

    private static readonly string[] EmptyNames = ["Utils", "Helpers", "Common", "Internal", "Services", "Core"];

    public static string? TooLong(string path, string text) =>
        text.AsSpan().Count('\n') is var lines && lines > MaxLines ? $"{path} has {lines} lines" : null;

    public static IEnumerable<string> TooWide(string path, string text) => text.Split('\n')
        .Index()
        .Where(static line => line.Item.TrimEnd('\r').Length > MaxColumns)
        .Select(line => $"{path}, line {line.Index + 1} has {line.Item.TrimEnd('\r').Length} columns");

    public static string? InFolderThatSaysNothing(string path) =>
        path.Split('/')[..^1].FirstOrDefault(static folder => EmptyNames.Contains(folder, StringComparer.OrdinalIgnoreCase)) is { } folder
            ? $"{path} stands in a folder named {folder}"
            : null;

    public static string? Suppressing(string path, string text) => First(path, text, Suppression());

    public static string? NamingTickets(string path, string text) => First(path, text, Ticket());

    public static string? NamingMachines(string path, string text) => First(path, text, MachinePath());

    /// <summary>Work that outlives its caller starts in one place, which leaves the caller's execution context behind.</summary>
    public static string? TakingItsCallersFlowAlong(string path, string text) =>
        path.EndsWith("/OwnFlow.cs", StringComparison.Ordinal) ? null : First(path, text, Start());

    /// <summary>Tables and functions of the database are named by constants of their owners: so it shows who uses whose.</summary>
    public static string? NamingTables(string path, string text) => First(path, text, Name());

    private static string? First(string path, string text, Regex rule) =>
        rule.Match(text) is { Success: true } found
            ? $"{path}, line {text.AsSpan(0, found.Index).Count('\n') + 1}: {found.Value.Trim()}"
            : null;

    // No caller awaits a task that goes into a field or into nothing.
    [GeneratedRegex(
        @"Task\.Run\(|Task\.Factory|\.StartNew\(|QueueUserWorkItem\(|new Thread\(|new Timer\(|new PeriodicTimer\(|\.CreateTimer\("
            + @"|Task\.Yield\(|(?<!\w)_\w* = (?!OwnFlow)[\w.]*\w+Async\(")]
    private static partial Regex Start();

    [GeneratedRegex(@"\{_?[sS]chema\}\.[a-z_]|FunctionSchema\(\w+, ""|StoreTable\(\w+, new\(""")]
    private static partial Regex Name();

    [GeneratedRegex(@"#pragma warning|SuppressMessage|#nullable disable")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"(?<![\w&;/#""'(\[])#\d{2,6}\b|\b(?:issues|pull)/\d+|\bGH-\d+")]
    private static partial Regex Ticket();

    [GeneratedRegex(@"(?<![\w.$}~])/(?:work|root)/|(?<![\w.])/home/(?!linuxbrew)\w+|(?<![\w.])/Users/\w+|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
