namespace FluentEventStore.Serialization;

/// <summary>
/// The order of sorted collections that are read: texts by their characters, as everywhere in the store. The order of .NET's default
/// depends on the culture, and takes some texts that differ for equal, of which one would be lost.
/// </summary>
internal static class SortOrder<T>
{
    public static IComparer<T> Comparer { get; } = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;
}
