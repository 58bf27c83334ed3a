using GitHistory.Git;
using GitHistory.History;

namespace GitHistory.Import;

/// <summary>
/// Says what git says in events: one for each entry of a commit, of the type that git's letter names, in the stream of the file that the
/// path means. Git shows branches one after the other, so a path can mean a file that another branch has moved or deleted: a change goes to
/// the file last known at the path; an addition to the one that is there, otherwise to a new one.
/// </summary>
internal static class CommitTranslation
{
    public static Author AuthorOf(GitCommit commit) => new(commit.AuthorName, GitText.Decode(commit.AuthorEmail));

    public static CommitAuthored Authored(GitCommit commit) => new(
        commit.Id,
        AuthorOf(commit),
        commit.AuthoredAt,
        commit.Subject,
        commit.Files.Count,
        commit.Files.Sum(static file => (long)file.LinesAdded),
        commit.Files.Sum(static file => (long)file.LinesRemoved));

    /// <summary>Translates the files of a commit; the tree moves along.</summary>
    public static IEnumerable<FileRecord> Files(GitCommit commit, FileTree tree)
    {
        var author = AuthorOf(commit);
        foreach (var change in commit.Files)
        {
            var record = new FileRecord(FileOf(commit, change, tree), EventOf(commit, author, change));
            tree.Apply(record.File, record.Event);
            yield return record;
        }
    }

    private static Guid FileOf(GitCommit commit, GitFileChange change, FileTree tree)
    {
        Guid file;
        var isKnown = change.Kind switch
        {
            GitChangeKind.Added => tree.TryGetLiveAt(change.Path.Text, out file),
            GitChangeKind.Renamed => tree.TryGetLastAt(change.OldPath!.Text, out file), // A rename has both paths.
            _ => tree.TryGetLastAt(change.Path.Text, out file),
        };

        return isKnown ? file : HistoryIds.File(commit.Id, change.Path.Bytes);
    }

    private static IFileEvent EventOf(GitCommit commit, Author author, GitFileChange change)
    {
        var (path, added, removed) = (change.Path.Text, change.LinesAdded, change.LinesRemoved);
        return change.Kind switch
        {
            GitChangeKind.Added => new FileAdded(commit.Id, author, commit.AuthoredAt, path, added, removed),
            GitChangeKind.Modified => new FileModified(commit.Id, author, commit.AuthoredAt, path, added, removed),
            GitChangeKind.Renamed => new FileRenamed(commit.Id, author, commit.AuthoredAt, path, change.OldPath!.Text, added, removed),
            _ => new FileDeleted(commit.Id, author, commit.AuthoredAt, path, added, removed),
        };
    }
}
