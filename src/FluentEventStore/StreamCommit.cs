namespace FluentEventStore;

/// <summary>What a unit of work did to one stream.</summary>
/// <param name="FirstVersion">The version of the first event that the unit appended.</param>
/// <param name="Version">The version of the last event that the unit appended, and so the stream's version after it.</param>
public readonly record struct StreamCommit(long FirstVersion, long Version);
