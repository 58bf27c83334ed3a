namespace FluentEventStore.Messages;

/// <summary>The messages that a session has published, scheduled and cancelled, and has not saved.</summary>
internal sealed class PendingMessages
{
    private readonly List<PendingMessage> _messages = [];

    // What was said last of each name: another message, or none.
    private readonly SortedDictionary<string, PendingMessage?> _named = new(StringComparer.Ordinal);

    public bool IsEmpty => _messages.Count == 0 && _named.Count == 0;

    /// <summary>How many messages there are.</summary>
    public int Count => _messages.Count + _named.Values.Count(static one => one is not null);

    /// <summary>Changes whenever something is added.</summary>
    public long Revision { get; private set; }

    public void Add(PendingMessage message)
    {
        _messages.Add(message);
        Revision++;
    }

    /// <summary>Says what a name stands for from now on.</summary>
    /// <param name="name">The name.</param>
    /// <param name="message">The message; <see langword="null"/> for none.</param>
    public void Set(string name, PendingMessage? message)
    {
        _named[name] = message;
        Revision++;
    }

    /// <summary>Writes this with all that has nothing of its own yet, whatever is said of later ones.</summary>
    public void Stamp(MessageCause cause)
    {
        foreach (var message in _messages.Concat(_named.Values.OfType<PendingMessage>()))
            message.Cause ??= cause;
    }

    public void Clear()
    {
        _messages.Clear();
        _named.Clear();
    }

    /// <summary>What is written, as it is now.</summary>
    /// <param name="cause">What is written beside those that have nothing of their own.</param>
    public MessageUnit? Describe(MessageCause cause) => IsEmpty
        ? null
        : new MessageUnit(
            [.. _messages.Where(static one => one.Due is null)],
            [.. _messages.Where(static one => one.Due is not null)],
            [.. _named],
            cause);
}
