namespace FluentEventStore.Events;

/// <summary>What is written with each event of a unit.</summary>
/// <param name="TenantId">The tenant of its streams.</param>
/// <param name="Timestamp">One for the whole unit: UTC, to the microsecond.</param>
/// <param name="CorrelationId">What it belongs to.</param>
/// <param name="CausationId">What caused it.</param>
/// <param name="UserName">On whose behalf it is written.</param>
internal sealed record UnitOrigin(
    TenantId TenantId, DateTimeOffset Timestamp, string? CorrelationId, string? CausationId, string? UserName);
