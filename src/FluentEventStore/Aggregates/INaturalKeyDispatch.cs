using System.ComponentModel;

namespace FluentEventStore.Aggregates;

/// <summary>Calls the methods of an aggregate that say its natural key. Implemented by generated code.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface INaturalKeyDispatch<TKey>
    where TKey : notnull
{
    /// <summary>The types of data that there are methods for; base types and interfaces stand for what is derived from them.</summary>
    static abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Asks the method for an event.</summary>
    /// <param name="event">The event.</param>
    /// <param name="key">The key as it is stored; <see langword="null"/> if the aggregate has none from now on.</param>
    /// <returns>Whether there is a method for the event.</returns>
    static abstract bool TryGetKey(IEvent @event, out string? key);

    /// <summary>The key as it is stored.</summary>
    static abstract string TextOf(TKey key);
}
