using System.Diagnostics.CodeAnalysis;

namespace FluentEventStore.Events;

/// <summary>
/// What values are unique for. A natural key of an aggregate is a value that the stream of the aggregate holds, under a name that nobody
/// else can use.
/// </summary>
internal static class ReservationNames
{
    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 1_000;

    /// <summary>What the names of natural keys begin with, before the name of the aggregate.</summary>
    public const string OfKeys = "natural-key/";

    private const int MaxLength = 250;

    /// <summary>The name under which the natural keys of an aggregate are held.</summary>
    public static string OfAggregate(string aggregate) => OfKeys + aggregate;

    /// <summary>Whether a name is that of natural keys, and of which aggregate.</summary>
    public static bool IsOfAggregate(string name, [NotNullWhen(true)] out string? aggregate)
    {
        aggregate = name.StartsWith(OfKeys, StringComparison.Ordinal) ? name[OfKeys.Length..] : null;
        return aggregate is not null;
    }

    /// <exception cref="ArgumentException">They are empty, too long or cannot be stored, or the name is that of natural keys.</exception>
    public static void Check(string name, string value)
    {
        StorableText.CheckKey(name, "name of a reservation", MaxLength);
        if (IsOfAggregate(name, out _))
            throw new ArgumentException($"Names that begin with '{OfKeys}' are those of natural keys.", nameof(name));

        ArgumentException.ThrowIfNullOrEmpty(value);
        if (FindFault(value) is { } fault)
            throw new ArgumentException(fault, nameof(value));
    }

    /// <summary>What keeps a value from being held; <see langword="null"/> if nothing does.</summary>
    public static string? FindFault(string? value) => value switch
    {
        null or "" => "A value that is unique must not be empty.",
        { Length: > MaxValueLength } => $"A value that is unique has at most {MaxValueLength} characters; this one has {value.Length}.",
        _ => StorableText.FindFault(value),
    };
}
