namespace FluentEventStore;

/// <summary>What waits to be sent, in one database.</summary>
public sealed class MessagesStatus
{
    /// <summary>How many messages wait. Scheduled ones that are not due do not count.</summary>
    public required long Waiting { get; init; }

    /// <summary>When the oldest of them was published; <see langword="null"/> if none waits.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>How many wait of each type, by its stored name: a type that nobody sends stays here.</summary>
    public required IReadOnlyDictionary<string, long> WaitingByType { get; init; }

    /// <summary>How many messages are scheduled for later.</summary>
    public required long Scheduled { get; init; }

    /// <summary>How many keys, and messages without a key, wait because their first message has failed.</summary>
    public required long FailingKeys { get; init; }

    /// <summary>For how many of those an alarm was raised.</summary>
    public required long AlarmedKeys { get; init; }

    /// <summary>The messages that failed, those that have done so for longest first, 100 at most.</summary>
    public required IReadOnlyList<FailingMessage> Failing { get; init; }
}
