using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>An event of a unit that holds personal data, as it was when saving began.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StandsForOthers">Whether it takes the place of others, and may hold data of forgotten subjects.</param>
/// <param name="Draft">What is to be encrypted.</param>
internal sealed record UnitDraft(Guid Id, bool StandsForOthers, EventDraft Draft);
