using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace FluentEventStore.AspNetCore;

/// <summary>Where a page of the events of a stream begins.</summary>
/// <param name="Version">The version of its first event, in the stream that is read.</param>
/// <param name="IsBackwards">Whether the highest version comes first.</param>
internal readonly record struct EventCursor(long Version, bool IsBackwards)
{
    /// <returns><see langword="null"/> if the text is no cursor.</returns>
    public static EventCursor? Find(string text)
    {
        if (!Base64Url.IsValid(text))
            return null;

        var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return plain is ['f' or 'b', ..]
            && long.TryParse(plain.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > 0
                ? new EventCursor(version, plain[0] == 'b')
                : null;
    }

    /// <summary>The range of versions from there on.</summary>
    public StreamRange Range(int maxCount, bool includeArchived) => IsBackwards
        ? new StreamRange { To = Version, MaxCount = maxCount, Backwards = true, IncludeArchived = includeArchived }
        : new StreamRange { From = Version, MaxCount = maxCount, IncludeArchived = includeArchived };

    /// <summary>The cursor as text that clients need not understand.</summary>
    public override string ToString() => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(IsBackwards ? 'b' : 'f')}{Version}")));
}
