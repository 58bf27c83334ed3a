namespace FluentEventStore;

/// <summary>The unit of work was sent, but it is not known for sure whether it is committed.</summary>
/// <remarks>
/// Save the same session again, or append the same events with the same event ids: what was committed is not written twice.
/// </remarks>
public sealed class CommitOutcomeUnknownException : FluentEventStoreException
{
    /// <summary>The connection broke, or the server could not say whether it committed.</summary>
    public CommitOutcomeUnknownException(Exception? innerException)
        : this(innerException, isCommittedLocally: false)
    {
    }

    /// <summary>The connection broke, or only the server itself has the unit.</summary>
    public CommitOutcomeUnknownException(Exception? innerException, bool isCommittedLocally)
        : this(
            isCommittedLocally
                ? "The server has committed the unit of work, but its synchronous standby may not have it: if the standby takes over now, "
                    + "the unit is lost. Save it again: that waits for the standby and writes nothing twice."
                : "It is not known whether the unit of work was committed. Save it again: nothing is written twice.",
            innerException,
            isCommittedLocally)
    {
    }

    private CommitOutcomeUnknownException(string message, Exception? innerException, bool isCommittedLocally)
        : base(message, innerException) => IsCommittedLocally = isCommittedLocally;

    /// <summary>
    /// Whether the server has said that it committed the unit but gave up waiting for its synchronous standby: the wait was cancelled or
    /// timed out, or the server process was ended. Readers see the unit. It is lost if the standby takes over before it has the unit.
    /// </summary>
    /// <value><see langword="false"/>: the connection broke, or the server could not say whether it committed.</value>
    public bool IsCommittedLocally { get; }

    /// <summary>The same of what is no unit of work.</summary>
    /// <param name="what">What was to be done, as a sentence goes on with it.</param>
    internal CommitOutcomeUnknownException Of(string what) => new(
        $"It is not known whether {what}. Look, and call again if that was not done.", InnerException ?? this, IsCommittedLocally);
}
