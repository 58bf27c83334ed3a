namespace GitHistory.History;

/// <summary>
/// Where each file stands: folded from the file events of all branches in the order of the store. As large as the tree, not the history.
/// </summary>
internal sealed class FileTree
{
    private readonly Dictionary<string, Guid> _lastAt = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _pathOf = [];

    /// <summary>The files that are not deleted, and where they are. Two of them can claim one path until the tree is reconciled.</summary>
    public IReadOnlyDictionary<Guid, string> Live => _pathOf;

    /// <summary>The file that was last known to stand at the path; by now it may have moved or be deleted.</summary>
    public bool TryGetLastAt(string path, out Guid file) => _lastAt.TryGetValue(path, out file);

    /// <summary>The file that stands at the path now.</summary>
    public bool TryGetLiveAt(string path, out Guid file) =>
        _lastAt.TryGetValue(path, out file) && _pathOf.TryGetValue(file, out var livePath) && livePath == path;

    /// <summary>Follows the same rules as <see cref="SourceFile"/>.</summary>
    public void Apply(Guid file, IFileEvent e)
    {
        switch (e)
        {
            case FileAdded or FileRenamed:
            case FileModified when !_pathOf.ContainsKey(file):
                _lastAt[e.Path] = file;
                _pathOf[file] = e.Path;
                break;

            case FileDeleted:
                _lastAt.TryAdd(e.Path, file);
                if (_pathOf.TryGetValue(file, out var path) && path == e.Path)
                    _pathOf.Remove(file);

                break;
        }
    }
}
