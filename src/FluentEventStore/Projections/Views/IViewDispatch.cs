using System.ComponentModel;

namespace FluentEventStore.Projections;

/// <summary>Calls the methods of a projection for an event. Implemented by generated code.</summary>
/// <typeparam name="TProjection">The projection.</typeparam>
/// <typeparam name="TView">What it keeps.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IViewDispatch<TProjection, TView>
    where TProjection : Projection
    where TView : class
{
    /// <summary>
    /// The types of events that concern views, or base types and interfaces of them. <see cref="object"/> stands for every event.
    /// </summary>
    static abstract IReadOnlyList<Type> EventTypes { get; }

    /// <summary>Whether an event concerns one view at most.</summary>
    static abstract bool NamesOneView { get; }

    /// <summary>Says which views an event concerns.</summary>
    static abstract void Identify(TProjection projection, IEvent @event, ViewIds ids);

    /// <summary>Folds one event.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="state">The view so far; <see langword="null"/> if there is none or it was deleted.</param>
    /// <param name="event">The event, in the order of the log.</param>
    /// <returns>The view after the event; <see langword="null"/> if there is none.</returns>
    static abstract TView? Fold(TProjection projection, TView? state, IEvent @event);
}
