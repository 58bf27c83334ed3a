namespace FluentEventStore.Events;

/// <summary>How far the log is settled: no event will be seen later at or below that position that is not seen now.</summary>
/// <param name="Position">The position of the last event that is settled; 0 if there is none.</param>
/// <param name="Last">The last position that was handed out. On a standby: the settled position.</param>
/// <param name="HeldBackAt">
/// The lowest position that a transaction under way may draw above; <see langword="null"/> if none holds readers back.
/// </param>
/// <param name="IsStandby">Whether it was read on a standby, from the row that the primary keeps.</param>
internal readonly record struct Settled(long Position, long Last, long? HeldBackAt, bool IsStandby);
