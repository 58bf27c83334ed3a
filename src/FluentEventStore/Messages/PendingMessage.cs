namespace FluentEventStore.Messages;

/// <summary>A message as it was when it was published.</summary>
/// <param name="Id">Its id, for the life of the session.</param>
/// <param name="Type">Its type.</param>
/// <param name="Json">Its JSON.</param>
/// <param name="Key">What it keeps its order within; <see langword="null"/> if nothing.</param>
/// <param name="Due">When it is to go out; <see langword="null"/> for at once.</param>
/// <param name="Trace">The span that published it, as a <c>traceparent</c>.</param>
internal sealed record PendingMessage(Guid Id, MessageType Type, ReadOnlyMemory<byte> Json, string? Key, DateTimeOffset? Due, string? Trace)
{
    /// <summary>What is written beside it, if it differs from message to message; <see langword="null"/> for that of the unit.</summary>
    public MessageCause? Cause { get; set; }
}
