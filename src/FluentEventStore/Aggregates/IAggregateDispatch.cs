using System.ComponentModel;

namespace FluentEventStore.Aggregates;

/// <summary>Calls the methods of an aggregate for an event. Implemented by generated code.</summary>
/// <typeparam name="T">The type of the aggregate.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IAggregateDispatch<T>
    where T : class
{
    /// <summary>
    /// The types of events that the aggregate has methods for, or base types and interfaces of them. <see cref="object"/> stands for every
    /// event.
    /// </summary>
    static abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Whether the aggregate has a method for events with this data.</summary>
    static abstract bool Handles(object data);

    /// <summary>Folds one event.</summary>
    /// <param name="state">The state so far; <see langword="null"/> if there is none or it was deleted.</param>
    /// <param name="event">The event, in the order of the stream.</param>
    /// <returns>The state after the event; <see langword="null"/> if there is none.</returns>
    static abstract T? Fold(T? state, IEvent @event);
}
