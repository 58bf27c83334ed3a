namespace FluentEventStore;

/// <summary>
/// A recorded event could not be masked: the mask threw, returned something other than an event of the same type, or returned an event that
/// has no JSON.
/// </summary>
/// <remarks>Events that were masked before it stay masked. Correct the mask and mask again.</remarks>
public sealed class EventMaskException : EventException
{
    /// <param name="location">The event.</param>
    /// <param name="reason">What went wrong.</param>
    /// <param name="innerException">What failed; <see langword="null"/> if nothing threw.</param>
    public EventMaskException(EventLocation location, string reason, Exception? innerException)
        : base(
            location,
            $"Event {location.Version} of stream '{location.StreamId}' (position {location.Position}, type '{location.TypeName}') cannot "
                + $"be masked: {reason}",
            innerException)
    {
        Reason = reason;
    }

    /// <summary>What went wrong.</summary>
    public string Reason { get; }
}
