namespace FluentEventStore;

/// <summary>What is to become of a delivered event.</summary>
public enum DeliveryAnswerKind
{
    /// <summary>It is done.</summary>
    Ack = 0,

    /// <summary>It is delivered again.</summary>
    Retry = 1,

    /// <summary>It is passed over.</summary>
    Skip = 2,

    /// <summary>It is parked, and later events of its key wait behind it.</summary>
    Park = 3,
}
