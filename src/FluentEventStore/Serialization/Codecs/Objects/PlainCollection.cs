using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Tells collections of .NET, which hold nothing but their items, from collections that users derive from them. What a derived collection
/// keeps beside its items would be lost.
/// </summary>
internal static class PlainCollection<TCollection>
    where TCollection : class
{
    private static Type? passed;

    /// <exception cref="JsonException">The collection is of a type of the user's own.</exception>
    public static void RefuseOther(TCollection value)
    {
        var type = value.GetType();
        if (type == typeof(TCollection) || type == passed)
            return;

        if (!IsPlain(type))
            throw JsonFailure.Derived(value, typeof(TCollection));

        passed = type;
    }

    // Types that the compiler makes for collection expressions and iterators have names that nobody can write. F# has lists of its own.
    private static bool IsPlain(Type type) =>
        type.IsArray
            || type.Name[0] == '<'
            || type.Namespace is { } space
                && (space == nameof(System)
                    || space.StartsWith("System.", StringComparison.Ordinal)
                    || space.StartsWith("Microsoft.", StringComparison.Ordinal));
}
