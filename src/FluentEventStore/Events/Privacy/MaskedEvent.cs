using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>A recorded event as it is to be stored from now on.</summary>
/// <param name="Position">The position of the event.</param>
/// <param name="Id">The id of the event, by which it is seen whether another was put in its place meanwhile.</param>
/// <param name="Type">The current type of the event.</param>
/// <param name="Json">The data in that type.</param>
internal sealed record MaskedEvent(long Position, Guid Id, EventType Type, byte[] Json);
