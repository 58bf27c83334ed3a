namespace FluentEventStore;

/// <summary>Somebody held the lock for schema changes for longer than the store waits.</summary>
/// <remarks>Nothing was changed. Call again when the holder is done: it may be another process that brings a schema up to date.</remarks>
public sealed class SchemaLockedException(string schema, LockHolder? holder)
    : FluentEventStoreException(
        $"Schema '{schema}' cannot be brought up to date while {holder?.ToString() ?? "another connection"} holds the lock for "
            + "schema changes in this database.")
{
    /// <summary>The schema of the store.</summary>
    public string Schema { get; } = schema;

    /// <summary>Who held the lock; <see langword="null"/> if it had been released before the store asked.</summary>
    public LockHolder? Holder { get; } = holder;
}
