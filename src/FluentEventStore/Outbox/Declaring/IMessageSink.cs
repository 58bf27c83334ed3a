namespace FluentEventStore;

/// <summary>
/// Where messages go: a broker, a mail server, another service. One sink takes the messages of many callers at the same time.
/// </summary>
public interface IMessageSink
{
    /// <summary>
    /// Sends a message. Once the task has ended without a failure, the message counts as sent and is forgotten. What it throws makes the
    /// message wait and come again, and with it all later ones of its key.
    /// </summary>
    /// <param name="message">
    /// The message. It comes at least once: again after a failure, and after a process died or lost its database between the sending and
    /// writing that down. Its <see cref="OutgoingMessage.Id"/> is the same each time.
    /// </param>
    /// <param name="cancellationToken">
    /// Cancelled when <see cref="MessageOptions.SendTimeout"/> is over, when the daemon is to end at once, and when another process sends
    /// the message by now.
    /// </param>
    Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default);
}
