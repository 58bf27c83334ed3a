using FluentEventStore.Projections;

namespace FluentEventStore;

/// <summary>
/// Keeps views that gather events of many streams: each is a document, which sessions load by its id. Derive a partial class from it, mark
/// it with <see cref="ProjectionAttribute"/>, and declare methods that take an event, as itself, as <see cref="IEvent{T}"/> or as
/// <see cref="IEvent"/>, static or not:
/// <list type="bullet">
/// <item><c>TId Identity(event)</c>: which view the event concerns; <see langword="null"/> for none;</item>
/// <item><c>IEnumerable&lt;TId&gt; Identities(event)</c>: which views; one that is named twice is concerned once;</item>
/// <item><c>TView Create(event)</c>: makes a view that is not there yet;</item>
/// <item><c>TView Apply(event, view)</c>, or <c>void</c> if it changes the view;</item>
/// <item><c>bool ShouldDelete(event)</c>, with the view if it wants it: whether the view ends; a later event may create it again;</item>
/// <item>or, instead of the last three, <c>TView? Evolve(view, event)</c>: <see langword="null"/> ends the view.</item>
/// </list>
/// </summary>
/// <typeparam name="TView">The views: a type marked with <see cref="DocumentAttribute"/>, which nobody else writes.</typeparam>
/// <typeparam name="TId">The type of their property <c>Id</c>.</typeparam>
/// <remarks>
/// The methods are called in the order of the log, in several processes and more than once for the same event: they depend on nothing but
/// what they are given. An instance serves several threads.
/// </remarks>
public abstract class MultiStreamProjection<TView, TId> : Projection
    where TView : class
    where TId : notnull;
