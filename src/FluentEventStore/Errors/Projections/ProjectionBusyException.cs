namespace FluentEventStore;

/// <summary>A projection was to be rebuilt while it is being built.</summary>
/// <remarks>Nothing was done: what is being built goes on.</remarks>
public sealed class ProjectionBusyException(string projection)
    : FluentEventStoreException($"The projection '{projection}' is being built already.")
{
    /// <summary>The name of the projection.</summary>
    public string Projection { get; } = projection;
}
