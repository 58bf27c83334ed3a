using System.Buffers.Text;

namespace GitHistory.Git;

/// <summary>Dates in git's raw form: seconds since 1970, then the author's offset, <c>1751373904 +0200</c>.</summary>
internal static class GitDate
{
    private static readonly long Earliest = DateTimeOffset.MinValue.AddDays(1).ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.AddDays(-1).ToUnixTimeSeconds();

    /// <summary>
    /// Reads a date. Commits hold what their writer wrote: an absurd instant is cut to what a date can be, an absurd offset is UTC.
    /// </summary>
    public static DateTimeOffset Parse(ReadOnlySpan<byte> raw)
    {
        if (!Utf8Parser.TryParse(raw, out long seconds, out var length))
            return DateTimeOffset.UnixEpoch;

        var instant = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, Earliest, Latest));
        return Utf8Parser.TryParse(raw[length..].TrimStart((byte)' '), out int digits, out _)
            && new TimeSpan(digits / 100, digits % 100, 0) is var offset
            && Math.Abs(offset.TotalHours) <= 14
                ? instant.ToOffset(offset)
                : instant;
    }
}
