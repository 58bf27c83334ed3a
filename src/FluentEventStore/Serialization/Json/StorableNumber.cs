using System.Globalization;

namespace FluentEventStore.Serialization;

/// <summary>Checks whether jsonb can keep the numbers of foreign JSON.</summary>
internal static class StorableNumber
{
    // numeric keeps 131072 digits before the point and 16383 after it. No real number comes near.
    private const int MaxDigits = 16_000;

    /// <summary>What is wrong with a number; <see langword="null"/> if nothing is.</summary>
    public static string? FindFault(ReadOnlySpan<byte> number)
    {
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        var isKept = number.Length <= MaxDigits
            && (mark < 0 || int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            && Math.Abs((long)exponent) + (mark < 0 ? number.Length : mark) <= MaxDigits;
        return isKept
            ? null
            : $"A number has more than {MaxDigits} digits, including those that its exponent adds, so PostgreSQL may be unable to keep it.";
    }
}
