using System.ComponentModel;

namespace FluentEventStore.Projections;

/// <summary>Calls the methods of an <see cref="EventProjection"/> for an event. Implemented by generated code.</summary>
/// <typeparam name="TProjection">The projection.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IOperationDispatch<TProjection>
    where TProjection : Projection
{
    /// <summary>
    /// The types of events that it takes, or base types and interfaces of them. <see cref="object"/> stands for every event.
    /// </summary>
    static abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>The types of documents that it writes.</summary>
    static abstract IReadOnlyList<Type> DocumentTypes { get; }

    /// <summary>Calls the method for the type of an event; does nothing if there is none.</summary>
    static abstract ValueTask ProjectAsync(
        TProjection projection, IEvent @event, IDocumentOperations session, CancellationToken cancellationToken);
}
