namespace FluentEventStore;

/// <summary>A recorded event could not be masked: a mask threw, gave back something else than an event of the same type, or what it gave back has no JSON.</summary>
/// <remarks>What was masked before it stays masked. Mend the mask and mask again.</remarks>
public sealed class EventMaskException : FluentEventStoreException
{
    internal EventMaskException(EventLocation location, string reason, Exception? innerException = null)
        : base($"Event {location.Version} of stream '{location.StreamId}' (position {location.Position}, type '{location.TypeName}') cannot be masked: {reason}", innerException)
    {
        TypeName = location.TypeName;
        TypeVersion = location.TypeVersion;
        StreamId = location.StreamId;
        Version = location.Version;
        Position = location.Position;
        Reason = reason;
    }

    /// <summary>The stored name of the event's type.</summary>
    public string TypeName { get; }

    /// <summary>Which shape of the named type is stored.</summary>
    public int TypeVersion { get; }

    /// <summary>The stream that holds the event.</summary>
    public StreamId StreamId { get; }

    /// <summary>The version of the event in its stream.</summary>
    public long Version { get; }

    /// <summary>The position of the event.</summary>
    public long Position { get; }

    /// <summary>What went wrong.</summary>
    public string Reason { get; }
}
