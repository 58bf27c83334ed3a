namespace FluentEventStore;

/// <summary>The event that an error is about.</summary>
/// <param name="TypeName">The name of its type.</param>
/// <param name="TypeVersion">The version of its type.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Version">Its version in the stream; 0 while it is being written.</param>
/// <param name="Position">Its position in the log; 0 while it is being written.</param>
public readonly record struct EventLocation(string TypeName, int TypeVersion, StreamId StreamId, long Version, long Position)
{
    /// <summary>The beginning of a sentence about the error.</summary>
    public override string ToString() => Position == 0
        ? $"Event '{TypeName}' (version {TypeVersion} of the type) for stream '{StreamId}' cannot be written"
        : $"Event {Version} of stream '{StreamId}' (position {Position}, type '{TypeName}' in version {TypeVersion}) cannot be read";
}
