namespace FluentEventStore.Subscriptions;

/// <summary>An event that a worker is to handle.</summary>
/// <param name="Event">The event.</param>
/// <param name="Key">What keeps it in order with others.</param>
/// <param name="Unusable">Why no handler can be called for it; <see langword="null"/> if one can.</param>
internal sealed record WorkItem(IEvent Event, EventKey Key, WorkFailure? Unusable)
{
    /// <summary>Whether its key could not be told, so that it stands alone.</summary>
    public bool IsKeyUnknown { get; init; }

    public long Position => Event.Link?.Position ?? Event.Position;
}
