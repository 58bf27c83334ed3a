using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>The natural keys of aggregates, as their methods make them of events.</summary>
internal interface INaturalKeys
{
    /// <summary>Whether an event of the type may set a key, once it is read in its current shape.</summary>
    bool MayBeSetBy(EventType type);

    /// <summary>The keys that an event sets, of all aggregates: the names that they are held under, and the values.</summary>
    /// <exception cref="InvalidOperationException">A value cannot be a key, or a method failed.</exception>
    IEnumerable<(string Name, string? Value)> Of(IEvent @event);
}
