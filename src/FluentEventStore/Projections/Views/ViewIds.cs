using System.ComponentModel;

namespace FluentEventStore.Projections;

/// <summary>Collects which views an event concerns, each once. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ViewIds
{
    private readonly List<DocumentId> _ids = [];

    internal IReadOnlyList<DocumentId> All => _ids;

    internal void Clear() => _ids.Clear();

    /// <summary>Adds a view; <see langword="null"/> is none.</summary>
    public void Add(Guid? id)
    {
        if (id is { } known)
            Add((DocumentId)known);
    }

    /// <inheritdoc cref="Add(Guid?)"/>
    /// <exception cref="ArgumentException">The text is empty, or no id of a document.</exception>
    public void Add(string? id)
    {
        if (id is not null)
            Add((DocumentId)id);
    }

    /// <inheritdoc cref="Add(Guid?)"/>
    public void Add(int? id)
    {
        if (id is { } known)
            Add((DocumentId)known);
    }

    /// <inheritdoc cref="Add(Guid?)"/>
    public void Add(long? id)
    {
        if (id is { } known)
            Add((DocumentId)known);
    }

    private void Add(DocumentId id)
    {
        if (!_ids.Contains(id))
            _ids.Add(id);
    }
}
