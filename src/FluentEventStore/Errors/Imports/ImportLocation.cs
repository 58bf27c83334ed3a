namespace FluentEventStore;

/// <summary>Where a fault of an import is.</summary>
/// <param name="Index">Which event of the import it is: 1 is the first. 0 if the fault is of no event.</param>
/// <param name="Line">Which line of the file it is: 1 is the first. 0 if there is no file.</param>
/// <param name="TenantId">The tenant of the event's stream.</param>
/// <param name="StreamId">The event's stream.</param>
/// <param name="Version">The event's version; 0 if the event is not known.</param>
public readonly record struct ImportLocation(long Index, long Line, TenantId TenantId, StreamId StreamId, long Version);
