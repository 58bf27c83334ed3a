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

    /// <summary>Where in the JSON it went wrong, for instance <c>$.lines[2].price</c>; <c>$</c> where it concerns the whole.</summary>
    public string Path { get; }

    /// <summary>
    /// What stands around there, 200 characters at most: of the stored JSON, where personal data is encrypted; while writing, of what was
    /// written so far, or nothing where an upcaster failed. It is no part of the message, so that what events hold comes into no log by
    /// itself.
    /// </summary>
    public string Excerpt { get; }

    /// <summary>What is wrong there: the message of what failed.</summary>
    public string Reason { get; }
}
