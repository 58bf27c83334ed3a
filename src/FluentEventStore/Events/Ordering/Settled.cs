namespace FluentEventStore.Events;

/// <summary>How far the log is decided.</summary>
/// <param name="Mark">The position of an event up to which everything is decided; 0 where there is none.</param>
/// <param name="Last">The last position that was handed out. On a standby: the mark.</param>
/// <param name="HeldBackAt">The lowest position that a transaction under way may draw above; <see langword="null"/> where none holds readers back.</param>
/// <param name="IsStandby">Whether it was read on a standby, from the row that the primary keeps.</param>
internal readonly record struct Settled(long Mark, long Last, long? HeldBackAt, bool IsStandby);
