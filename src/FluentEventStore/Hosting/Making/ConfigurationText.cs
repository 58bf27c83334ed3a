using System.Globalization;

namespace FluentEventStore.Hosting;

/// <summary>Reads values of a configuration, which are texts.</summary>
internal static class ConfigurationText
{
    /// <exception cref="FormatException">It is neither <c>true</c> nor <c>false</c>.</exception>
    public static bool ReadSwitch(string text) =>
        bool.TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is neither true nor false.");

    /// <exception cref="FormatException">It is no whole number.</exception>
    public static int ReadNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' is no whole number.");

    /// <summary>Takes <c>00:00:05</c> for five seconds, and <c>infinite</c>. A number alone would be days.</summary>
    /// <exception cref="FormatException">It is no time.</exception>
    public static TimeSpan ReadTime(string text)
    {
        if (text.Equals("infinite", StringComparison.OrdinalIgnoreCase))
            return Timeout.InfiniteTimeSpan;

        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' is no time: write hours:minutes:seconds, as in 00:00:05, or infinite.");
    }
}
