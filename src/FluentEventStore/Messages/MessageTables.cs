namespace FluentEventStore.Messages;

/// <summary>The names of the tables of messages.</summary>
internal static class MessageTables
{
    /// <summary>The messages that wait to be sent.</summary>
    public const string Messages = "messages";

    /// <summary>The messages that are not due yet.</summary>
    public const string Scheduled = "scheduled_messages";

    /// <summary>
    /// The lanes that a process is sending, and those whose first message has failed. All other lanes with messages have no row.
    /// </summary>
    public const string Lanes = "message_lanes";

    /// <summary>The sequence of the tokens that fence senders.</summary>
    public const string Tokens = "message_tokens";
}
