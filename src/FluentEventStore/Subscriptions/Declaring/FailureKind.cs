namespace FluentEventStore;

/// <summary>Why a subscription does not go on.</summary>
public enum FailureKind
{
    /// <summary>The handler threw.</summary>
    HandlerFailed = 0,

    /// <summary>The handler took longer than it may.</summary>
    HandlerTimedOut = 1,

    /// <summary>What the handler did with its session was refused.</summary>
    WorkRefused = 2,

    /// <summary>The type of the event is not registered in this process.</summary>
    UnknownType = 3,

    /// <summary>The stored event does not fit its type, or cannot be decrypted.</summary>
    Unreadable = 4,

    /// <summary>The key or the predicate of the subscription threw.</summary>
    KeyFailed = 5,

    /// <summary>The database does not answer, or is shut down. It is tried again for ever.</summary>
    Outage = 6,

    /// <summary>
    /// The log is not the one that was handled: it ends before the checkpoint, or has another event there, as after a restore.
    /// </summary>
    LogForked = 7,

    /// <summary>Several processes in a row died while they carried the range, without handling anything.</summary>
    KillsProcesses = 8,

    /// <summary>More keys are parked than may be.</summary>
    TooManyParked = 9,

    /// <summary>The consumer of a pulled subscription gave the event up, or wants it later.</summary>
    ConsumerGaveUp = 10,
}
