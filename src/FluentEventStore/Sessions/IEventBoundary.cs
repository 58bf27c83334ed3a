namespace FluentEventStore;

/// <summary>A decision over all events that match a query of tags, and the events that result from it.</summary>
/// <typeparam name="T">The type that the events are folded into.</typeparam>
public interface IEventBoundary<out T>
    where T : class
{
    /// <summary>The state that the events lead to; <see langword="null"/> if there is none.</summary>
    T? Aggregate { get; }

    /// <summary>The events that match, in the order of their positions.</summary>
    IReadOnlyList<IEvent> Events { get; }

    /// <summary>
    /// Appends events to a stream when the session is saved, on condition that no further event matches the query by then. Otherwise saving
    /// throws <see cref="BoundaryConflictException"/>. What the session saves through this does not conflict with it, so that more can be
    /// appended. <see cref="Aggregate"/> and <see cref="Events"/> stay as they were loaded.
    /// </summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>, or an event is null or of no event type.</exception>
    PendingEvents Append(StreamId streamId, params object[] events);

    /// <inheritdoc cref="Append(StreamId, object[])"/>
    PendingEvents Append(StreamId streamId, IEnumerable<object> events);

    /// <summary>Puts all that the session saves under the condition, whether events are appended through this or not.</summary>
    void Enforce();
}
