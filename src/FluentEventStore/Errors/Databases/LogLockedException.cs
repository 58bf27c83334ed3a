namespace FluentEventStore;

/// <summary>Somebody held the lock that writers need before they are given positions for longer than they wait: some 5 seconds.</summary>
/// <remarks>
/// Nothing was written and the session is still usable. The store itself holds that lock for a moment only.
/// <see cref="LogStatus.WritersHeldBackBy"/> names who holds it now; an operator ends it with <c>select pg_terminate_backend(pid)</c>.
/// </remarks>
public sealed class LogLockedException(LockHolder? holder)
    : FluentEventStoreException($"No event can be appended while {holder?.ToString() ?? "somebody"} holds the lock of the log.")
{
    /// <summary>Who held the lock; <see langword="null"/> where it had been released by the time that was asked.</summary>
    public LockHolder? Holder { get; } = holder;
}
