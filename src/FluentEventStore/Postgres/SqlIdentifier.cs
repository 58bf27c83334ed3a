using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FluentEventStore.Postgres;

/// <summary>The name of a database object, the only thing that is ever interpolated into SQL.</summary>
/// <remarks>
/// Only names that mean the same quoted and unquoted are allowed, so that psql users need quotes for reserved words only.
/// </remarks>
internal readonly partial record struct SqlIdentifier
{
    /// <summary>PostgreSQL cuts longer names silently, so that two of them could become one.</summary>
    public const int MaxBytes = 63;

    private readonly string? _name;

    /// <exception cref="ArgumentException">The name is not plain.</exception>
    public SqlIdentifier(string name, [CallerArgumentExpression(nameof(name))] string? paramName = null)
    {
        ArgumentNullException.ThrowIfNull(name, paramName);
        if (name.Length > MaxBytes
            || !Plain().IsMatch(name)
            || name.StartsWith("pg_", StringComparison.Ordinal)
            || name is "information_schema")
        {
            throw new ArgumentException(
                $"{Quoted(name)} cannot name a database object. Allowed are 1 to {MaxBytes} lower-case letters a to z, digits and "
                    + "underscores, "
                + "not starting with a digit or with 'pg_', and not 'information_schema'.",
                paramName);
        }

        _name = name;
    }

    /// <summary>The name without quotes.</summary>
    public string Name => _name ?? throw new InvalidOperationException("default(SqlIdentifier) names nothing.");

    /// <summary>The name in double quotes, as it stands in SQL.</summary>
    public override string ToString() => $"\"{Name}\"";

    // The refused name may be hostile or huge, and the message may end up in a log.
    private static string Quoted(string name)
    {
        var shown = name.Length > MaxBytes ? name[..MaxBytes] : name;
        var escaped = string.Concat(shown.Select(static c =>
            c is >= ' ' and < '\x7f' and not '\'' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}"));
        return name.Length > MaxBytes ? $"'{escaped}…' ({name.Length} characters)" : $"'{escaped}'";
    }

    // \z and not $, which also matches before a final line feed.
    [GeneratedRegex(@"\A[a-z_][a-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
