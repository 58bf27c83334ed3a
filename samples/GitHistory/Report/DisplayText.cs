using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace GitHistory.Report;

/// <summary>Makes names from a repository, which can hold anything, safe and short enough to print.</summary>
internal static class DisplayText
{
    /// <summary>Shows what would move the cursor or turn the text around as an escape: <c>\t</c>, <c>\n</c>, <c>\u001b</c>.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\t' => printable.Append("\\t"),
                '\n' => printable.Append("\\n"),
                '\r' => printable.Append("\\r"),
                _ when IsInvisible(rune) => printable.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => printable.Append(rune),
            };
        }

        return printable.ToString();
    }

    /// <summary>Cuts a text to a width in columns at its beginning: the end of a path tells most.</summary>
    public static string KeepEnd(string text, int width)
    {
        if (Width(text) <= width)
            return text;

        var runes = text.EnumerateRunes().ToArray();
        var (start, used) = (runes.Length, 1);
        while (start > 0 && used + Width(runes[start - 1].ToString()) is var wider && wider <= width)
            (start, used) = (start - 1, wider);

        return "…" + string.Concat(runes[start..]);
    }

    /// <summary>Cuts a text to a width in columns at its end.</summary>
    public static string KeepStart(string text, int width)
    {
        if (Width(text) <= width)
            return text;

        var kept = new StringBuilder();
        var used = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Width(rune.ToString());
            if (used > width)
                break;

            kept.Append(rune);
        }

        return kept.Append('…').ToString();
    }

    private static int Width(string text) => new Segment(text).CellCount();

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
