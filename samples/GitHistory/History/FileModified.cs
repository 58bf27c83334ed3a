using FluentEventStore;

namespace GitHistory.History;

[Event("file-modified")]
internal sealed record FileModified(
    string Commit, Author Author, DateTimeOffset At, string Path, int LinesAdded, int LinesRemoved) : IFileEvent;
