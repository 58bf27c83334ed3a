namespace FluentEventStore;

/// <summary>
/// Marks a partial class as a handler of events: the source generator implements <c>IEventHandler</c>, which hands each event to the method
/// <c>Handle</c> for its type.
/// </summary>
/// <remarks>
/// A method <c>Handle</c> (or <c>HandleAsync</c>) takes one event: as itself, as a base type or interface of events, as
/// <see cref="IEvent{T}"/> of one of these, or as <see cref="IEvent"/>, which takes every event. It may also take, in any order:
/// <see cref="EventMetadata"/>, the session and a <see cref="CancellationToken"/>. It may be static. It returns nothing, a
/// <see cref="Task"/> or a <see cref="ValueTask"/>. If several methods fit, the one for the most derived type is called, a class before an
/// interface.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventHandlerAttribute : Attribute;
