using FluentEventStore;

namespace GitHistory.History;

/// <summary>A file, whatever its names were over time.</summary>
/// <remarks>
/// History is a graph that is told in one line: what one branch says of a file may come after another branch has moved or deleted it. So
/// each event must make sense at any time, and any of them can be the first that is heard of a file.
/// </remarks>
[Aggregate]
internal sealed partial record SourceFile
{
    /// <summary>The id of its stream.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it is; where it was, when it is deleted.</summary>
    public string Path { get; init; } = "";

    public bool IsDeleted { get; init; }

    /// <summary>How many commits touched it.</summary>
    public int Changes { get; init; }

    public long LinesAdded { get; init; }

    public long LinesRemoved { get; init; }

    /// <summary>The hash of the last commit that touched it.</summary>
    public string LastCommit { get; init; } = "";

    public static SourceFile Create(FileAdded e) => new SourceFile().Apply(e);

    public static SourceFile Create(FileModified e) => new SourceFile { Path = e.Path }.Apply(e);

    public static SourceFile Create(FileRenamed e) => new SourceFile().Apply(e);

    public static SourceFile Create(FileDeleted e) => new SourceFile { Path = e.Path }.Apply(e);

    public SourceFile Apply(FileAdded e) => TouchedBy(e) with { Path = e.Path, IsDeleted = false };

    /// <summary>A file that has moved on another branch stays where it is; one that was deleted there is back.</summary>
    public SourceFile Apply(FileModified e) => TouchedBy(e) with { Path = IsDeleted ? e.Path : Path, IsDeleted = false };

    public SourceFile Apply(FileRenamed e) => TouchedBy(e) with { Path = e.Path, IsDeleted = false };

    /// <summary>A file that has moved on another branch is not the one that is deleted.</summary>
    public SourceFile Apply(FileDeleted e) => TouchedBy(e) with { IsDeleted = IsDeleted || e.Path == Path };

    private SourceFile TouchedBy(IFileEvent e) => this with
    {
        Changes = Changes + 1,
        LinesAdded = LinesAdded + e.LinesAdded,
        LinesRemoved = LinesRemoved + e.LinesRemoved,
        LastCommit = e.Commit,
    };
}
