namespace FluentEventStore;

/// <summary>An error of one event: it cannot be written, read or masked. The properties are enough to find the event.</summary>
public abstract class EventException : FluentEventStoreException
{
    private protected EventException(EventLocation location, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        TypeName = location.TypeName;
        TypeVersion = location.TypeVersion;
        StreamId = location.StreamId;
        Version = location.Version;
        Position = location.Position;
    }

    /// <summary>The stored name of the event's type.</summary>
    public string TypeName { get; }

    /// <summary>Which shape of the named type it is.</summary>
    public int TypeVersion { get; }

    /// <summary>The stream that holds the event or that it was to be appended to.</summary>
    public StreamId StreamId { get; }

    /// <summary>The version of the stored event in its stream; 0 while writing.</summary>
    public long Version { get; }

    /// <summary>The position of the stored event; 0 while writing.</summary>
    public long Position { get; }
}
