namespace GitHistory.Git;

/// <summary>What a commit did to a file.</summary>
internal enum GitChangeKind
{
    Added,

    /// <summary>Its lines, its mode or its type.</summary>
    Modified,
    Renamed,
    Deleted,
}

/// <summary>One file of a commit.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Path">Where it is after the commit; for a deleted one, where it was.</param>
/// <param name="OldPath">Where a renamed file was before.</param>
/// <param name="LinesAdded">0 for a binary file, as git counts.</param>
/// <param name="LinesRemoved">0 for a binary file, as git counts.</param>
internal sealed record GitFileChange(GitChangeKind Kind, GitPath Path, GitPath? OldPath = null, int LinesAdded = 0, int LinesRemoved = 0);
