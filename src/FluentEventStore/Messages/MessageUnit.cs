namespace FluentEventStore.Messages;

/// <summary>What a unit of work does to messages.</summary>
/// <param name="Published">Those that go out at once, in their order.</param>
/// <param name="Scheduled">Those without a name that go out later.</param>
/// <param name="Named">What each name stands for afterwards, in the order of names: a message, or none.</param>
/// <param name="Cause">What is written beside those that have nothing of their own.</param>
internal sealed record MessageUnit(
    PendingMessage[] Published, PendingMessage[] Scheduled, KeyValuePair<string, PendingMessage?>[] Named, MessageCause Cause);
