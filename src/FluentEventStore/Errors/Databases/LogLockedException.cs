namespace FluentEventStore;

/// <summary>Somebody held the lock that writers need to get positions for longer than writers wait: some 5 seconds.</summary>
/// <remarks>
/// Nothing was written and the session is still usable. The store itself holds that lock for a moment only.
/// <see cref="LogStatus.WritersHeldBackBy"/> names who holds it now; an operator can end it with <c>select pg_terminate_backend(pid)</c>.
/// </remarks>
public sealed class LogLockedException(LockHolder? holder)
    : FluentEventStoreException($"No event can be appended while {holder?.ToString() ?? "another connection"} holds the lock of the log.")
{
    /// <summary>Who held the lock; <see langword="null"/> if it had been released before the store asked.</summary>
    public LockHolder? Holder { get; } = holder;
}
