namespace FluentEventStore;

/// <summary>How far a version of a projection is.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Version">The version.</param>
/// <param name="IsServing">Whether reports, and processes that declare a version that is not built yet, read it.</param>
/// <param name="Position">The position of the log up to which it holds everything; <see langword="null"/> if it is not kept yet.</param>
/// <param name="Lag">How many positions that is behind the log.</param>
/// <param name="Build">What is being built; <see langword="null"/> if nothing is.</param>
public sealed record ProjectionStatus(string Name, int Version, bool IsServing, long? Position, long Lag, ProjectionBuildStatus? Build);
