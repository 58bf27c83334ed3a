namespace FluentEventStore.Events;

/// <summary>A lock that keeps readers of the log, or its writers, from going on.</summary>
/// <param name="By">The transaction that holds it.</param>
/// <param name="Role">Its role; <see langword="null"/> if there is no connection.</param>
/// <param name="IsExclusive">Whether it keeps writers from going on.</param>
internal readonly record struct HeldLock(LogBlocker By, string? Role, bool IsExclusive);
