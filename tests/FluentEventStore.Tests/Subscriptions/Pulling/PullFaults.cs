namespace FluentEventStore.Tests.Subscriptions.Pulling;

/// <summary>Mistakes that can be planted in the protocol of pulled ranges, to prove that the model sees them.</summary>
[Flags]
internal enum PullFaults
{
    None = 0,

    /// <summary>A commit compares neither the epoch nor the owner.</summary>
    EpochNotCompared = 1,

    /// <summary>The checkpoint is moved to the highest event that was answered.</summary>
    CheckpointByHighestAnswer = 2,

    /// <summary>A delivery counts as answered when it is handed out.</summary>
    AnsweredWhenDelivered = 4,

    /// <summary>A rewind leaves the epoch as it is.</summary>
    RewindKeepsEpoch = 8,

    /// <summary>The row of a parked key is not in the commit of the checkpoint, and may be lost.</summary>
    ParkedApart = 16,

    /// <summary>A replay frees its key after the first event.</summary>
    FreedTooEarly = 32,

    /// <summary>Who claims the range does not learn which keys are parked.</summary>
    ParkedIsOvertaken = 64,

    /// <summary>After an unknown outcome it is taken for written.</summary>
    UnknownIsTakenForWritten = 128,
}
