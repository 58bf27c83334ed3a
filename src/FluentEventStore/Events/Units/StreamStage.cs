namespace FluentEventStore.Events;

/// <summary>What is done to a stream in a unit of work, in this order.</summary>
internal enum StreamStage
{
    /// <summary>It is unarchived or undeleted; also where nothing is done to it yet.</summary>
    Revived,

    /// <summary>It gets events, then links.</summary>
    Written,

    /// <summary>It is truncated, compacted, archived or deleted, in the order of the calls.</summary>
    Changed,

    /// <summary>Nothing of it can be read any more, for ever.</summary>
    Erased,
}
