namespace FluentEventStore.Tests.Subscriptions;

/// <summary>Mistakes that can be planted in the protocol, to prove that the model sees them.</summary>
[Flags]
internal enum ModelFaults
{
    None = 0,

    /// <summary>A commit compares neither the epoch nor the owner.</summary>
    EpochNotCompared = 1,

    /// <summary>After an unknown outcome the worker goes on as if nothing was written, instead of drawing an epoch.</summary>
    UnknownIsTakenForFailed = 2,

    /// <summary>The checkpoint is moved before the work is written.</summary>
    CheckpointBeforeWork = 4,

    /// <summary>A rewind leaves the epoch as it is.</summary>
    RewindKeepsEpoch = 8,

    /// <summary>A parked key is written by itself, before the page.</summary>
    ParkedApart = 16,

    /// <summary>A replay frees its key after the first event.</summary>
    FreedTooEarly = 32,

    /// <summary>Ranges are merged at the higher of their positions.</summary>
    MergedAtTheHigher = 64,

    /// <summary>A parked key's later events are handled.</summary>
    ParkedIsOvertaken = 128,
}
