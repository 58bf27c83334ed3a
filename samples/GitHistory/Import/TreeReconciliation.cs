using GitHistory.Git;
using GitHistory.History;

namespace GitHistory.Import;

/// <summary>
/// Finds what the log does not say: merges print no files, so that what they keep, drop or bring in shows only when the tree of HEAD is
/// compared with the files that the events have left.
/// </summary>
internal static class TreeReconciliation
{
    /// <summary>The events, without lines, after which the live files are those of the commit's tree. The file tree moves along.</summary>
    public static async Task<IReadOnlyList<FileRecord>> CompareAsync(
        GitRepository repository, GitCommit head, FileTree tree, CancellationToken cancellationToken)
    {
        var author = CommitTranslation.AuthorOf(head);
        var gone = new Dictionary<Guid, string>(tree.Live);
        var records = new List<FileRecord>();
        await foreach (var path in repository.ReadTreeAsync(head.Id, cancellationToken))
        {
            if (tree.TryGetLiveAt(path.Text, out var file))
                gone.Remove(file);
            else
                records.Add(new FileRecord(FileFor(path, head, tree), new FileAdded(head.Id, author, head.AuthoredAt, path.Text, 0, 0)));
        }

        foreach (var (file, path) in gone.OrderBy(static pair => pair.Value, StringComparer.Ordinal).ThenBy(static pair => pair.Key))
            records.Add(new FileRecord(file, new FileDeleted(head.Id, author, head.AuthoredAt, path, 0, 0)));

        foreach (var (file, e) in records)
            tree.Apply(file, e);

        return records;
    }

    /// <summary>A merge that keeps a file which one side deleted continues that file, unless it lives on under another path.</summary>
    private static Guid FileFor(GitPath path, GitCommit head, FileTree tree) =>
        tree.TryGetLastAt(path.Text, out var file) && !tree.Live.ContainsKey(file) ? file : HistoryIds.File(head.Id, path.Bytes);
}
