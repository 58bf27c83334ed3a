namespace FluentEventStore;

/// <summary>A projection failed on an event, or derived something from it that cannot be kept.</summary>
/// <remarks>
/// Nothing was written. Thrown by a unit of work, it refuses the unit. A daemon does what the projection declares: by default it tries
/// again, then stops there.
/// </remarks>
public sealed class ProjectionException(string projection, EventLocation location, string problem, Exception? innerException)
    : FluentEventStoreException(
        $"The projection '{projection}' failed on event '{location.TypeName}' of stream '{location.StreamId}': {problem}", innerException)
{
    /// <summary>The name of the projection.</summary>
    public string Projection { get; } = projection;

    /// <summary>Where the event stands. In a unit of work it has no position yet.</summary>
    public EventLocation Location { get; } = location;
}
