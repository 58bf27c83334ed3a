namespace GitHistory.History;

/// <summary>Something that a commit did to a file.</summary>
internal interface IFileEvent
{
    /// <summary>The commit's full hash.</summary>
    string Commit { get; }

    Author Author { get; }

    /// <summary>When the author wrote it, with the author's own offset from UTC.</summary>
    DateTimeOffset At { get; }

    /// <summary>Where the file is, on the branch of the commit; where a deleted one was.</summary>
    string Path { get; }

    /// <summary>0 for a binary file.</summary>
    int LinesAdded { get; }

    /// <summary>0 for a binary file.</summary>
    int LinesRemoved { get; }
}
