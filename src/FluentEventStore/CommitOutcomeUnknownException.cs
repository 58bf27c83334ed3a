namespace FluentEventStore;

/// <summary>The connection broke after the unit of work was sent: it may be committed, or not.</summary>
/// <remarks>Save the same session again, or append the same events with the same event ids: what was committed is not written twice.</remarks>
public sealed class CommitOutcomeUnknownException(Exception innerException)
    : FluentEventStoreException("The connection broke after the unit of work was sent; it may be committed. Saving it again writes nothing twice.", innerException)
{
}
