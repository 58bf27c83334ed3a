namespace FluentEventStore.Serialization;

/// <summary>
/// The order of sorted collections that are read: texts are ordered by their characters, as everywhere in the store. .NET's default order
/// depends on the culture, and takes some different texts for equal, so that one would be lost.
/// </summary>
internal static class SortOrder<T>
{
    public static IComparer<T> Comparer { get; } = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;
}
