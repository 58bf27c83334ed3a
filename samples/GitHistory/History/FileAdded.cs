using FluentEventStore;

namespace GitHistory.History;

[Event("file-added")]
internal sealed record FileAdded(
    string Commit, Author Author, DateTimeOffset At, string Path, int LinesAdded, int LinesRemoved) : IFileEvent;
