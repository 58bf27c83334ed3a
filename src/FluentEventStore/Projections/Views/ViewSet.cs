using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore.Projections;

/// <summary>What a row of events makes of the views that it concerns: the last state of each is written once.</summary>
internal sealed class ViewSet(DeclaredViews views, DocumentTable table)
{
    private readonly Dictionary<DocumentId, View> _byId = [];
    private readonly List<DocumentId> _ids = [];

    public DeclaredViews Views => views;

    public DocumentTable Table => table;

    /// <summary>The views that are concerned.</summary>
    public IReadOnlyList<DocumentId> Ids => _ids;

    /// <summary>Adds an event, after those before it in the log.</summary>
    public void Add(IEvent @event)
    {
        foreach (var id in views.Identify(@event))
        {
            if (!_byId.TryGetValue(id, out var view))
            {
                _byId.Add(id, view = new View());
                _ids.Add(id);
            }

            view.Events.Add(@event);
        }
    }

    /// <summary>Forgets the events, but not which views they concern.</summary>
    public void Clear()
    {
        foreach (var view in _byId.Values)
            view.Events.Clear();
    }

    /// <summary>Takes the rows of the views, in the order of <see cref="Ids"/>, and folds the events onto them.</summary>
    public void Fold(IReadOnlyList<ViewRow?> rows)
    {
        if (rows.Count != _ids.Count)
            throw new InvalidOperationException(
                $"The projection '{views.Name}' named other views for the same event: which views an event concerns must not depend on "
                    + "anything but what the event holds.");

        for (var index = 0; index < rows.Count; index++)
            Fold(_ids[index], _byId[_ids[index]], rows[index]);
    }

    /// <summary>What becomes of the rows.</summary>
    /// <exception cref="DocumentSerializationException">A view has no JSON that the database can keep.</exception>
    public IReadOnlyList<DocumentChange> Describe(JsonWriter payloads)
    {
        List<DocumentChange> changes = new(_ids.Count);
        foreach (var id in _ids)
        {
            var view = _byId[id];
            if (view.IsConcerned)
                changes.Add(Describe(id, view, payloads));
            else if (view.Row is { Version: 0 })
                changes.Add(DocumentChange.Delete(table, id));
        }

        return changes;
    }

    private void Fold(DocumentId id, View view, ViewRow? row)
    {
        view.Row = row;
        (view.Version, view.Created, view.IsConcerned) = (row?.Version ?? 0, row?.Created ?? default, false);
        view.State = row?.Json is { } json ? DocumentReader.Read(table.Type, id, json) : null;
        foreach (var @event in view.Events)
        {
            var before = view.State;
            view.State = views.Fold(id, before, @event);

            // What comes before the view begins is no part of it, so that it does not matter where pages end.
            if (view.Version == 0 && view.State is null)
                continue;

            if (before is null && view.State is not null)
                view.Created = @event.Timestamp;

            view.Version++;
            (view.Modified, view.IsConcerned) = (@event.Timestamp, true);
        }
    }

    private DocumentChange Describe(DocumentId id, View view, JsonWriter payloads)
    {
        var kind = view.Row is null ? DocumentChangeKind.InsertView : DocumentChangeKind.UpdateView;
        var change = view.State is null
            ? new DocumentChange(table, kind, id, DerivedLife.Nothing)
            : DocumentChange.Write(table, kind, id, view.State, payloads);
        return change with
        {
            Life = new DerivedLife(view.Created, view.Modified, IsDeleted: view.State is null),
            Version = view.Version,
            VersionBefore = view.Row?.Version ?? 0,
        };
    }

    private sealed class View
    {
        public List<IEvent> Events { get; } = [];

        public ViewRow? Row { get; set; }

        public object? State { get; set; }

        public long Version { get; set; }

        public DateTimeOffset Created { get; set; }

        public DateTimeOffset Modified { get; set; }

        public bool IsConcerned { get; set; }
    }
}
