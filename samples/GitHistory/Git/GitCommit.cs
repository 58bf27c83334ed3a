namespace GitHistory.Git;

/// <summary>A commit with the files that differ from its parent. A merge has none: git does not print them.</summary>
/// <param name="Id">The full hash in hexadecimal.</param>
/// <param name="AuthorName">As the mailmap says.</param>
/// <param name="AuthorEmail">As the mailmap says; identifies the author. May be empty, of any length and encoding.</param>
/// <param name="AuthoredAt">With the author's own offset from UTC.</param>
/// <param name="Subject">The first paragraph of the message, as one line.</param>
/// <param name="Files">What changed; each path stands in one of them only.</param>
internal sealed record GitCommit(
    string Id, string AuthorName, byte[] AuthorEmail, DateTimeOffset AuthoredAt, string Subject, IReadOnlyList<GitFileChange> Files);
