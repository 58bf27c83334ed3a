using System.Text;

namespace FluentEventStore.Serialization;

/// <summary>Shows a part of a JSON text, which may be of any length and invalid UTF-8.</summary>
internal static class JsonExcerpt
{
    /// <summary>How many characters an excerpt has at most.</summary>
    public const int MaxLength = 200;

    private const int LengthBefore = 60;
    private const char CutOff = '…';

    /// <summary>What stands around the byte at the offset.</summary>
    public static string Around(ReadOnlySpan<byte> json, long offset)
    {
        // A byte gives one character at most, and each cut-off end one more.
        const int Window = MaxLength - 2;
        var start = (int)Math.Clamp(offset - LengthBefore, 0, Math.Max(0, json.Length - Window));
        return Show(json, start, Math.Min(start + Window, json.Length));
    }

    /// <summary>The beginning of a text.</summary>
    public static string Start(ReadOnlySpan<byte> text, int maxLength) =>
        Show(text, 0, text.Length <= maxLength ? text.Length : maxLength - 1);

    private static string Show(ReadOnlySpan<byte> text, int start, int end)
    {
        start = SkipCutCharacter(text, start, step: 1);
        end = SkipCutCharacter(text, end, step: -1);
        var shown = Encoding.UTF8.GetString(text[start..end]);
        return (start > 0, end < text.Length) switch
        {
            (false, false) => shown,
            (true, false) => $"{CutOff}{shown}",
            (false, true) => $"{shown}{CutOff}",
            (true, true) => $"{CutOff}{shown}{CutOff}",
        };
    }

    // A character has at most three continuation bytes; more of them are no UTF-8, and are shown as such.
    private static int SkipCutCharacter(ReadOnlySpan<byte> text, int index, int step)
    {
        for (var moved = index; Math.Abs(moved - index) <= 3 && moved > 0 && moved < text.Length; moved += step)
        {
            if ((text[moved] & 0b1100_0000) != 0b1000_0000)
                return moved;
        }

        return index;
    }
}
