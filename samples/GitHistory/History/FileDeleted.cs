using FluentEventStore;

namespace GitHistory.History;

[Event("file-deleted")]
internal sealed record FileDeleted(
    string Commit, Author Author, DateTimeOffset At, string Path, int LinesAdded, int LinesRemoved) : IFileEvent;
