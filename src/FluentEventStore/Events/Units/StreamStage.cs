namespace FluentEventStore.Events;

/// <summary>What is done to a stream in a unit of work, in this order.</summary>
internal enum StreamStage
{
    /// <summary>It is unarchived or undeleted; or nothing is done to it yet.</summary>
    Revived,

    /// <summary>It gets events, then links.</summary>
    Written,

    /// <summary>It is truncated, compacted, archived or deleted, in the order of the calls.</summary>
    Changed,

    /// <summary>It is erased: nothing of it can ever be read again.</summary>
    Erased,
}
