namespace FluentEventStore.Events;

/// <summary>What is done to a stream as a whole. The values are those that the database function takes.</summary>
internal enum StreamVerb : short
{
    Unarchive = 1,
    Undelete = 2,
    Truncate = 3,
    Archive = 4,
    Delete = 5,
    Tombstone = 6,
    HardDelete = 7,

    /// <summary>Has a function of its own.</summary>
    Compact = 8,
}
