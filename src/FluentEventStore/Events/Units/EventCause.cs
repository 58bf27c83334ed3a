namespace FluentEventStore.Events;

/// <summary>What an event of a unit belongs to and what caused it, if that differs from event to event of the unit.</summary>
/// <param name="CorrelationId">What it belongs to.</param>
/// <param name="CausationId">What caused it.</param>
/// <param name="UserName">On whose behalf it is written.</param>
internal sealed record EventCause(string? CorrelationId, string? CausationId, string? UserName);
