namespace FluentEventStore;

/// <summary>Does something for events. A class marked with <see cref="EventHandlerAttribute"/> implements it.</summary>
public interface IEventHandler
{
    /// <summary>
    /// The types of events that it takes, or base types and interfaces of them. <see cref="object"/> stands for every event.
    /// </summary>
    IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Hands an event to the method for its type; does nothing if there is none.</summary>
    /// <param name="event">The event.</param>
    /// <param name="session">What the method may read and write with. The caller saves it.</param>
    /// <param name="cancellationToken">Passed on to the method.</param>
    ValueTask HandleAsync(IEvent @event, IDocumentSession session, CancellationToken cancellationToken = default);
}
