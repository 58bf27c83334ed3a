namespace FluentEventStore;

/// <summary>What becomes of an event that its handler could not handle, however often it was tried.</summary>
public enum FailedEvent
{
    /// <summary>
    /// The subscription stops before the event and says why: it is <see cref="SubscriptionState.Faulted"/> until it is resumed.
    /// </summary>
    Stop = 0,

    /// <summary>The event is passed over, which the audit records; later events are handled.</summary>
    Skip = 1,

    /// <summary>
    /// The event is parked, and later events of its key wait behind it; other keys go on. Parked keys are replayed or dropped by
    /// <see cref="IStoreSubscriptions"/>.
    /// </summary>
    Park = 2,
}
