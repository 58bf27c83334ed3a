namespace FluentEventStore.Postgres;

/// <summary>A connection does not get what is told on a channel: it leads to a standby, or to a pooler.</summary>
internal sealed class ListeningRefusedException(string? reason) : Exception($"Nobody can listen here: {reason ?? "a pooler is in between"}.");
