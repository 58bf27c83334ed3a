namespace FluentEventStore;

/// <summary>What a subscription, or a range of one, is doing.</summary>
public enum SubscriptionState
{
    /// <summary>It has handled everything that is settled.</summary>
    Idle = 0,

    /// <summary>It handles events.</summary>
    Running = 1,

    /// <summary>
    /// An event failed and will be tried again after a pause; or its handler met a database of its own that does not answer. That of the
    /// store cannot say so itself.
    /// </summary>
    Waiting = 2,

    /// <summary>An operator paused it.</summary>
    Paused = 3,

    /// <summary>It stopped at an event that failed, and goes on when it is resumed.</summary>
    Faulted = 4,

    /// <summary>No process carries it now.</summary>
    Unowned = 5,
}
