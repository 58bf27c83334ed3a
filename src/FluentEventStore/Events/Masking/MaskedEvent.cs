using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>A recorded event as it is to be stored from now on.</summary>
/// <param name="Position">The position of the event.</param>
/// <param name="Id">The id of the event. It shows whether another event has taken its place meanwhile.</param>
/// <param name="Type">The current type of the event.</param>
/// <param name="Json">The data in that type.</param>
/// <param name="TagsBefore">The tags that the properties of the event gave it so far.</param>
/// <param name="TagsAfter">The tags that they give it from now on.</param>
internal sealed record MaskedEvent(
    long Position, Guid Id, EventType Type, byte[] Json, IReadOnlyList<string> TagsBefore, IReadOnlyList<string> TagsAfter);
