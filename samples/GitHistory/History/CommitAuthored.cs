using FluentEventStore;

namespace GitHistory.History;

/// <summary>Every commit has one, merges and empty commits too.</summary>
[Event("commit-authored")]
internal sealed record CommitAuthored(
    string Commit, Author Author, DateTimeOffset At, string Subject, int Files, long LinesAdded, long LinesRemoved);
