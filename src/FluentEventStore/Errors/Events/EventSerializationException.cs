namespace FluentEventStore;

/// <summary>An event could not be written as JSON, its stored JSON does not fit its type, or an upcaster failed.</summary>
/// <remarks>
/// While writing: nothing was sent to the database, and the session holds what it held. While reading: the stored event is as it was. What
/// failed, such as a constructor, a converter or an upcaster of yours, is the <see cref="Exception.InnerException"/>.
/// </remarks>
public sealed class EventSerializationException : EventException
{
    /// <param name="location">The event.</param>
    /// <param name="place">Where in the JSON it went wrong.</param>
    /// <param name="reason">What is wrong there.</param>
    /// <param name="innerException">What failed.</param>
    public EventSerializationException(EventLocation location, JsonPlace place, string reason, Exception innerException)
        : base(location, $"{location} at {place.Path}: {reason}", innerException)
    {
        Path = place.Path;
        Excerpt = place.Excerpt;
        Reason = reason;
    }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.lines[2].price</c>; <c>$</c> if it concerns the whole.</summary>
    public string Path { get; }

    /// <summary>
    /// What stands around that place, 200 characters at most: in the stored JSON, in which personal data is encrypted, or, while writing,
    /// in what was written so far. Empty if an upcaster failed. It is not part of the message, so that contents of events do not get into
    /// logs by themselves.
    /// </summary>
    public string Excerpt { get; }

    /// <summary>What is wrong there: the message of the inner exception.</summary>
    public string Reason { get; }
}
