namespace FluentEventStore;

/// <summary>A stored event has a type that no registered type has.</summary>
/// <remarks>Reference the assembly that declares it from a project that the source generator runs in, or add it by <c>options.Events.AddAssembly</c>.</remarks>
public sealed class UnknownEventTypeException(string typeName, int typeVersion, StreamId streamId, long version, long position)
    : FluentEventStoreException($"Event {version} of stream '{streamId}' (position {position}) has the type '{typeName}' in version {typeVersion}, which no type is registered for.")
{
    /// <summary>The stored name.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>The stored version of the type.</summary>
    public int TypeVersion { get; } = typeVersion;

    /// <summary>The stream that holds the event.</summary>
    public StreamId StreamId { get; } = streamId;

    /// <summary>The version of the event in its stream.</summary>
    public long Version { get; } = version;

    /// <summary>The position of the event.</summary>
    public long Position { get; } = position;
}
