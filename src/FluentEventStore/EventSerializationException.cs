namespace FluentEventStore;

/// <summary>An event could not be written as JSON, its stored JSON does not fit its type, or an upcaster failed.</summary>
/// <remarks>While writing: nothing was sent to the database. While reading: the stored event is as it was.</remarks>
public sealed class EventSerializationException : FluentEventStoreException
{
    internal EventSerializationException(EventLocation location, string path, string reason, Exception innerException)
        : base($"{location} at {path}: {reason}", innerException)
    {
        TypeName = location.TypeName;
        TypeVersion = location.TypeVersion;
        StreamId = location.StreamId;
        Version = location.Version;
        Position = location.Position;
        Path = path;
        Reason = reason;
    }

    /// <summary>The stored name of the event's type.</summary>
    public string TypeName { get; }

    /// <summary>Which shape of the named type it is.</summary>
    public int TypeVersion { get; }

    /// <summary>The stream that holds the event, or that it was to be appended to.</summary>
    public StreamId StreamId { get; }

    /// <summary>The version of the stored event in its stream; 0 while writing.</summary>
    public long Version { get; }

    /// <summary>The position of the stored event; 0 while writing.</summary>
    public long Position { get; }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.lines[2].price</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }
}
