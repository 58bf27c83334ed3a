using System.Buffers;
using System.Runtime.CompilerServices;

namespace FluentEventStore;

/// <summary>What a text must be for PostgreSQL to keep it: no NUL, no lone surrogate.</summary>
internal static class StorableText
{
    private static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(static code => (char)code).Where(char.IsControl)]);

    /// <summary>Checks a text that is part of a key: not empty, not too long, without control characters.</summary>
    /// <exception cref="ArgumentException">It breaks one of these rules.</exception>
    public static void CheckKey(
        string value, string what, int maxLength, [CallerArgumentExpression(nameof(value))] string? parameterName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, parameterName);
        if (FindFaultOfKey(value, what, maxLength) is { } fault)
            throw new ArgumentException(fault, parameterName);
    }

    /// <summary>What keeps a text from being part of a key; <see langword="null"/> if nothing does.</summary>
    public static string? FindFaultOfKey(string value, string what, int maxLength)
    {
        if (value.Length == 0)
            return $"A {what} must not be empty.";

        if (value.Length > maxLength)
            return $"A {what} has at most {maxLength} characters; this one has {value.Length}.";

        var control = value.AsSpan().IndexOfAny(ControlCharacters);
        return control >= 0
            ? $"A {what} must not hold control characters; U+{(int)value[control]:X4} is at index {control}."
            : FindFault(value);
    }

    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public static void Check(string? text, string parameterName)
    {
        if (text is not null && FindFault(text) is { } fault)
            throw new ArgumentException(fault, parameterName);
    }

    /// <summary>What keeps the text from being stored; <see langword="null"/> if nothing does.</summary>
    public static string? FindFault(ReadOnlySpan<char> text)
    {
        var nul = text.IndexOf('\0');
        if (nul >= 0)
            return $"PostgreSQL cannot store NUL (U+0000), which is at index {nul}.";

        var index = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (index < 0)
            return null;

        for (; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;

            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return $"A lone surrogate (U+{(int)text[index]:X4}) at index {index} is not valid Unicode.";

            index++;
        }

        return null;
    }
}
