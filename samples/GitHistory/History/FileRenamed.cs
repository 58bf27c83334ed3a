using FluentEventStore;

namespace GitHistory.History;

[Event("file-renamed")]
internal sealed record FileRenamed(
    string Commit, Author Author, DateTimeOffset At, string Path, string OldPath, int LinesAdded, int LinesRemoved) : IFileEvent;
