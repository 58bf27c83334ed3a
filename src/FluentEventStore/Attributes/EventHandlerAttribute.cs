namespace FluentEventStore;

/// <summary>
/// Marks a partial class as a handler of events: the source generator implements <c>IEventHandler</c>, which hands each event to the method
/// <c>Handle</c> for its type.
/// </summary>
/// <remarks>
/// A method <c>Handle</c> (or <c>HandleAsync</c>) takes one event: as itself, as a base type or interface of events, as
/// <see cref="IEvent{T}"/> of one of these, or as <see cref="IEvent"/>, which takes every event. Beside it, in any order:
/// <see cref="EventMetadata"/>, the session and a <see cref="CancellationToken"/>. It is static or not, and returns nothing, a
/// <see cref="Task"/> or a <see cref="ValueTask"/>. Of several methods that fit, the one for the most derived type is called, a class
/// before an interface.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventHandlerAttribute : Attribute;
