namespace FluentEventStore;

/// <summary>
/// A view was read by a process whose version of the projection is still being built, and what the version holds that serves until then
/// does not fit its type.
/// </summary>
/// <remarks>Read again when it has been built.</remarks>
public sealed class ProjectionNotReadyException(
    string projection, int version, ProjectionBuildStatus? build, DocumentSerializationException innerException)
    : FluentEventStoreException(
        FormattableString.Invariant($"Version {version} of the projection '{projection}' is not built yet") + Progress(build)
            + ". What serves until then cannot be read as its type.",
        innerException)
{
    /// <summary>The name of the projection.</summary>
    public string Projection { get; } = projection;

    /// <summary>The version that this process declares.</summary>
    public int Version { get; } = version;

    /// <summary>How far it is; <see langword="null"/> if no daemon builds it.</summary>
    public ProjectionBuildStatus? Build { get; } = build;

    private static string Progress(ProjectionBuildStatus? build) => build is null
        ? ""
        : FormattableString.Invariant(
            $": it is {build.Lag} positions behind the log{(build.TimeLeft is { } left ? $", which takes {left}" : "")}");
}
