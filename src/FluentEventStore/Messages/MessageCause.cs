namespace FluentEventStore.Messages;

/// <summary>What is written beside a message.</summary>
/// <param name="CorrelationId">What it belongs to.</param>
/// <param name="CausationId">What caused it.</param>
/// <param name="UserName">On whose behalf it is published.</param>
/// <param name="Headers">The headers of its session, as one JSON object; <see langword="null"/> if there are none.</param>
internal sealed record MessageCause(string? CorrelationId, string? CausationId, string? UserName, string? Headers);
