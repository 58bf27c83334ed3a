namespace FluentEventStore.Subscriptions;

/// <summary>What is to become of a delivered event.</summary>
internal enum PullAnswerKind
{
    Ack,
    Retry,
    Skip,
    Park,
}
