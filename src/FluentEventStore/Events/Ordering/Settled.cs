namespace FluentEventStore.Events;

/// <summary>How far the log is settled: no further event will ever appear at or below that position.</summary>
/// <param name="Position">The position of the last settled event; 0 if there is none.</param>
/// <param name="Last">The last position that was handed out. On a standby: the settled position.</param>
/// <param name="HeldBackAt">
/// The lowest position above which an open transaction may draw its own; <see langword="null"/> if none holds readers back.
/// </param>
/// <param name="IsStandby">Whether it was read on a standby, from the row that the primary writes.</param>
/// <param name="Server">When the server was started: another one, or the same started anew, says another time.</param>
internal readonly record struct Settled(long Position, long Last, long? HeldBackAt, bool IsStandby, DateTimeOffset Server = default);
