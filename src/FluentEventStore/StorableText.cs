namespace FluentEventStore;

/// <summary>What a text must be for PostgreSQL to keep it: no NUL, no lone surrogate.</summary>
internal static class StorableText
{
    /// <exception cref="ArgumentException">The text holds NUL or a lone surrogate.</exception>
    public static void Check(string? text, string parameterName)
    {
        if (text is not null && FindFault(text) is { } fault)
            throw new ArgumentException(fault, parameterName);
    }

    /// <summary>What keeps the text from being stored; <see langword="null"/> where nothing does.</summary>
    public static string? FindFault(ReadOnlySpan<char> text)
    {
        var nul = text.IndexOf('\0');
        if (nul >= 0)
            return $"NUL (U+0000) at index {nul} cannot be stored by PostgreSQL.";

        var index = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (index < 0)
            return null;

        for (; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
                continue;

            if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                return $"A lone surrogate (U+{(int)text[index]:X4}) at index {index} is no valid Unicode.";

            index++;
        }

        return null;
    }
}
