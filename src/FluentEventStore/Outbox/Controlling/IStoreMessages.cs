namespace FluentEventStore;

/// <summary>
/// The messages of a database that wait to be sent: what they wait for, and how they are tried at once or dropped. What is changed here is
/// recorded in the audit.
/// </summary>
public interface IStoreMessages
{
    /// <summary>Says how many messages wait and which fail. It counts them: not for every request.</summary>
    Task<MessagesStatus> StatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the messages that go out later, those that are due first before the others, 100 at most.</summary>
    Task<IReadOnlyList<ScheduledMessage>> ListScheduledAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the messages that go out later, those that are due first before the others.</summary>
    /// <param name="after">Those that are due later than this.</param>
    /// <param name="maxCount">How many at most: 1 or more.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxCount"/> is less than 1.</exception>
    Task<IReadOnlyList<ScheduledMessage>> ListScheduledAsync(
        DateTimeOffset after, int maxCount, CancellationToken cancellationToken = default);

    /// <summary>Tries a message that has failed at once, whatever pause it is in.</summary>
    /// <param name="id">The message.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>Whether it is one that has failed.</returns>
    Task<bool> RetryAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Tries all messages that have failed at once.</summary>
    /// <returns>How many they are.</returns>
    Task<int> RetryAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops a message that waits or is scheduled: it is not sent, and later ones of its key go on. If it is being sent at this moment, it
    /// may go out all the same.
    /// </summary>
    /// <param name="id">The message.</param>
    /// <param name="reason">Why, for the audit.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>Whether there was such a message.</returns>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is empty or cannot be stored.</exception>
    Task<bool> DropAsync(Guid id, string reason, CancellationToken cancellationToken = default);
}
