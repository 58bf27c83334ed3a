using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// Tells collections of .NET, of which the items say all, from those that users derive from them: what these keep beside their items would
/// be lost, as the part of any derived value would.
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

    // What the compiler makes of a collection expression or an iterator has a name that nobody can write. F# has lists of its own.
    private static bool IsPlain(Type type) =>
        type.IsArray
            || type.Name[0] == '<'
            || type.Namespace is { } space
                && (space == nameof(System)
                    || space.StartsWith("System.", StringComparison.Ordinal)
                    || space.StartsWith("Microsoft.", StringComparison.Ordinal));
}
