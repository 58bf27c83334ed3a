namespace FluentEventStore;

/// <summary>Which event an error speaks of. <see cref="Version"/> and <see cref="Position"/> are 0 while it is being written.</summary>
internal readonly record struct EventLocation(string TypeName, int TypeVersion, StreamId StreamId, long Version, long Position)
{
    public override string ToString() => Position == 0
        ? $"Event '{TypeName}' (version {TypeVersion} of the type) for stream '{StreamId}' cannot be written"
        : $"Event {Version} of stream '{StreamId}' (position {Position}, type '{TypeName}' in version {TypeVersion}) cannot be read";
}
