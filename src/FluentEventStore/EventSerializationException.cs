namespace FluentEventStore;

/// <summary>An event could not be written as JSON, its stored JSON does not fit its type, or an upcaster failed.</summary>
/// <remarks>While writing: nothing was sent to the database. While reading: the stored event is as it was.</remarks>
public sealed class EventSerializationException : EventException
{
    internal EventSerializationException(EventLocation location, string path, string reason, Exception innerException)
        : base(location, $"{location} at {path}: {reason}", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.lines[2].price</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }
}
