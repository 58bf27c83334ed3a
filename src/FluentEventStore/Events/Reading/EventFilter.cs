using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>Which events a reader of all streams gets. The database applies it. An empty filter lets all pass.</summary>
public sealed class EventFilter
{
    private readonly HashSet<string> _typeNames = new(StringComparer.Ordinal);

    /// <summary>The stored type names that pass; empty lets all pass.</summary>
    internal IReadOnlyCollection<string> TypeNames => _typeNames;

    /// <summary>
    /// Lets events of this type pass, in every version that is stored under its name, or under another name that upcasters lead from to this type;
    /// further calls add types.
    /// </summary>
    /// <exception cref="ArgumentException">The type is no event type.</exception>
    public EventFilter OfType<T>()
        where T : notnull
    {
        if (!EventCatalog.TryGet(typeof(T), out var eventType))
            throw new ArgumentException($"{typeof(T)} is no event type: it is not marked with [Event].");

        _typeNames.UnionWith(EventCatalog.NamesOf(eventType));
        return this;
    }
}
