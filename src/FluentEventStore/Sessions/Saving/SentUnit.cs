using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

/// <summary>A unit of work as it is sent, once or again.</summary>
/// <param name="Unit">What the session collected.</param>
/// <param name="Inline">What inline projections write with it.</param>
/// <param name="LocksStreams">Whether its streams are locked before anything is written.</param>
/// <param name="Payloads">Where further JSON is written to.</param>
internal sealed record SentUnit(DescribedUnit Unit, InlineChanges Inline, bool LocksStreams, JsonWriter Payloads)
{
    public EventUnit? Events => Unit.Events;
}
