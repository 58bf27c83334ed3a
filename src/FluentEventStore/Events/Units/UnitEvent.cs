using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>An event of a unit.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Stream">Where its stream stands in the unit: 1 is the first.</param>
/// <param name="Offset">Where it stands among those of the unit for its stream: 1 is the first.</param>
/// <param name="Data">Its JSON, valid as long as the payloads of the unit are.</param>
/// <param name="Headers">Its headers as JSON; empty if no event of the unit has any.</param>
/// <param name="Cause">Its own cause; <see langword="null"/> if the unit says it of all.</param>
internal readonly record struct UnitEvent(
    Guid Id, EventType Type, int Stream, int Offset, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Headers, EventCause? Cause);
