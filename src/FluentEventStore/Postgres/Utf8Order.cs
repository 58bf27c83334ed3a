namespace FluentEventStore.Postgres;

/// <summary>
/// The order of texts by their UTF-8, which is that of the collation "C" in a database in UTF-8. UTF-16 differs from it where surrogates
/// are compared with the characters from U+E000 on.
/// </summary>
internal static class Utf8Order
{
    public static int Compare(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);

        var (ofLeft, ofRight) = (left[same], right[same]);
        return char.IsSurrogate(ofLeft) == char.IsSurrogate(ofRight) ? ofLeft.CompareTo(ofRight) : char.IsSurrogate(ofLeft) ? 1 : -1;
    }
}
