namespace FluentEventStore.Subscriptions;

/// <summary>How the place is given where a subscription begins.</summary>
internal enum StartKind
{
    /// <summary>The first event.</summary>
    Beginning,

    /// <summary>What is settled when the subscription is created.</summary>
    Present,

    /// <summary>A position.</summary>
    Position,

    /// <summary>A time.</summary>
    Time,
}
