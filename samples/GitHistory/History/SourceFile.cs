using FluentEventStore;

namespace GitHistory.History;

/// <summary>A file, whatever its name was over time.</summary>
/// <param name="Id">The id of its stream.</param>
/// <param name="Path">Where it is, or was when it was deleted.</param>
/// <param name="IsDeleted">Whether it is gone.</param>
/// <param name="Changes">How many commits touched it.</param>
/// <param name="LinesAdded">In all of them.</param>
/// <param name="LinesRemoved">In all of them.</param>
/// <param name="LastCommit">The hash of the last one.</param>
/// <param name="LastAuthor">Who wrote the last one.</param>
/// <param name="LastChanged">When the last one was written.</param>
[Aggregate]
internal sealed partial record SourceFile(
    Guid Id, string Path, bool IsDeleted, int Changes, long LinesAdded, long LinesRemoved, string LastCommit, Author LastAuthor, DateTimeOffset LastChanged)
{
    // History is a graph that is told in one line: what a branch says of a file may come after another branch has moved or deleted it.
    // So a file can be seen first in any of these events, and each of them must make sense at any time.
    public static SourceFile Create(IEvent<FileAdded> e) => FirstSeen(e);

    public static SourceFile Create(IEvent<FileModified> e) => FirstSeen(e);

    public static SourceFile Create(IEvent<FileRenamed> e) => FirstSeen(e);

    public static SourceFile Create(IEvent<FileDeleted> e) => FirstSeen(e) with { IsDeleted = true };

    public SourceFile Apply(FileAdded e) => Counting(e) with { Path = e.Path, IsDeleted = false };

    /// <summary>On another branch the file may have moved, which stays true, or be gone, which does not.</summary>
    public SourceFile Apply(FileModified e) => Counting(e) with { Path = IsDeleted ? e.Path : Path, IsDeleted = false };

    public SourceFile Apply(FileRenamed e) => Counting(e) with { Path = e.Path, IsDeleted = false };

    /// <summary>A file that has moved meanwhile stays.</summary>
    public SourceFile Apply(FileDeleted e) => Counting(e) with { IsDeleted = IsDeleted || e.Path == Path };

    private static SourceFile FirstSeen<T>(IEvent<T> e)
        where T : IFileEvent =>
        new SourceFile(Guid.Parse(e.StreamId.Value), e.Data.Path, false, 0, 0, 0, e.Data.Commit, e.Data.Author, e.Data.At).Counting(e.Data);

    private SourceFile Counting(IFileEvent e) => this with
    {
        Changes = Changes + 1,
        LinesAdded = LinesAdded + e.LinesAdded,
        LinesRemoved = LinesRemoved + e.LinesRemoved,
        LastCommit = e.Commit,
        LastAuthor = e.Author,
        LastChanged = e.At,
    };
}
