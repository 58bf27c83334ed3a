namespace FluentEventStore;

/// <summary>
/// Messages to the world outside, which go out once the unit of work is committed, and never if it is not. A daemon of the store sends them
/// to the sink of <c>options.Messages</c>, at least once.
/// </summary>
public interface IMessageOperations
{
    /// <summary>Publishes a message, in no order. What it holds is written down now: later changes of the object do not reach it.</summary>
    /// <param name="message">An object of a type marked with <see cref="MessageAttribute"/>.</param>
    /// <inheritdoc cref="Publish(object, string)" path="/returns"/>
    /// <inheritdoc cref="Publish(object, string)" path="/exception"/>
    Guid Publish(object message);

    /// <summary>
    /// Publishes a message, in the order of its key. What it holds is written down now: later changes of the object do not reach it.
    /// </summary>
    /// <param name="message">An object of a type marked with <see cref="MessageAttribute"/>.</param>
    /// <param name="key">
    /// Messages of one key of the tenant go out in the order of their commits, one after the other: none overtakes an earlier one that
    /// fails. 1 to 250 characters without control characters. <see langword="null"/>: in no order.
    /// </param>
    /// <returns>The id of the message, by which its receiver can tell that it comes again.</returns>
    /// <exception cref="ArgumentException">The type is no message, or the key is none.</exception>
    /// <exception cref="MessageSerializationException">The message has no JSON.</exception>
    /// <exception cref="MessageTooLargeException">The message is larger than <c>options.Messages.MaxBytesOfMessage</c>.</exception>
    Guid Publish(object message, string? key);

    /// <summary>
    /// Publishes a message at a time to come, by the clock of <c>options.TimeProvider</c>. If that is past when a daemon first sees it, it
    /// goes out at once.
    /// </summary>
    /// <param name="at">When it is to go out. Kept to the microsecond.</param>
    /// <param name="message">An object of a type marked with <see cref="MessageAttribute"/>.</param>
    /// <inheritdoc cref="Publish(object, string)" path="/returns"/>
    /// <inheritdoc cref="Publish(object, string)" path="/exception"/>
    Guid Schedule(DateTimeOffset at, object message);

    /// <inheritdoc cref="Schedule(DateTimeOffset, object, string, string)"/>
    Guid Schedule(DateTimeOffset at, object message, string? name);

    /// <inheritdoc cref="Schedule(DateTimeOffset, object)" path="/summary"/>
    /// <param name="at">When it is to go out. Kept to the microsecond.</param>
    /// <param name="message">An object of a type marked with <see cref="MessageAttribute"/>.</param>
    /// <param name="name">
    /// Within the tenant, the message takes the place of an earlier one with this name that has not gone out. 1 to 250 characters without
    /// control characters. <see langword="null"/>: it replaces none, and cannot be cancelled.
    /// </param>
    /// <param name="key">As of <see cref="Publish(object, string)"/>: its order is that of the time when it becomes due.</param>
    /// <inheritdoc cref="Publish(object, string)" path="/returns"/>
    /// <inheritdoc cref="Publish(object, string)" path="/exception"/>
    Guid Schedule(DateTimeOffset at, object message, string? name, string? key);

    /// <summary>Takes back the scheduled message with a name, if there is one that has not become due.</summary>
    /// <exception cref="ArgumentException">The name is none.</exception>
    void Cancel(string name);
}
