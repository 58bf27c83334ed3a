namespace FluentEventStore;

/// <summary>Another process was seeding a store of the database for longer than this one waits.</summary>
/// <remarks>Nothing was written. How long it waits is <see cref="StartupOptions.SchemaPatience"/>.</remarks>
public sealed class SeedLockedException(string seed, LockHolder? holder)
    : FluentEventStoreException(
        $"The seed '{seed}' cannot be written while {holder?.ToString() ?? "another connection"} holds the lock for seeding this database.")
{
    /// <summary>The name of the seed.</summary>
    public string Seed { get; } = seed;

    /// <summary>Who held the lock; <see langword="null"/> if it had been released before the store asked.</summary>
    public LockHolder? Holder { get; } = holder;
}
