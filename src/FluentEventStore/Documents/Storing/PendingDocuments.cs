using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

/// <summary>The documents that a session is going to change: one change for each document, the outcome of all calls so far.</summary>
internal sealed class PendingDocuments
{
    // Most units of work have events alone.
    private Dictionary<(DocumentTable Table, DocumentId Id), PendingDocument>? _changes;

    public int Count => _changes?.Count ?? 0;

    public bool IsEmpty => _changes is null or { Count: 0 };

    /// <summary>For documents that are derived from events: the timestamp of the event at hand.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How often something was added or changed.</summary>
    public long Revision { get; private set; }

    public void Store(DocumentTable table, DocumentId id, object document) => Set(table, id, document, Find(table, id) switch
    {
        // What an earlier call of the session demands of the database still holds.
        DocumentChangeKind.Insert => DocumentChangeKind.Insert,
        DocumentChangeKind.Update => DocumentChangeKind.Update,
        _ => DocumentChangeKind.Store,
    });

    /// <exception cref="DocumentAlreadyExistsException">The session already writes one with the id.</exception>
    public void Insert(DocumentTable table, DocumentId id, object document) => Set(table, id, document, Find(table, id) switch
    {
        null => DocumentChangeKind.Insert,
        DocumentChangeKind.Delete => DocumentChangeKind.Store,
        _ => throw new DocumentAlreadyExistsException(table.Type.ClrType, id),
    });

    /// <exception cref="DocumentNotFoundException">The session deletes the one with the id.</exception>
    public void Update(DocumentTable table, DocumentId id, object document) => Update(table, id, document, expected: null);

    /// <inheritdoc cref="Update(DocumentTable, DocumentId, object)"/>
    public void Update(DocumentTable table, DocumentId id, object document, DocumentExpectation? expected) =>
        Set(
            table,
            id,
            document,
            Find(table, id) switch
            {
                null => DocumentChangeKind.Update,
                DocumentChangeKind.Delete => throw new DocumentNotFoundException(table.Type.ClrType, id),
                var earlier => earlier.Value,
            },
            expected);

    public void Delete(DocumentTable table, DocumentId id, DocumentExpectation? expected = null) =>
        Set(table, id, document: null, DocumentChangeKind.Delete, expected);

    /// <summary>Makes changes all or none: none if one is refused.</summary>
    public void ChangeTogether(Action change)
    {
        var (before, revision) = (
            _changes is null ? null : new Dictionary<(DocumentTable Table, DocumentId Id), PendingDocument>(_changes), Revision);
        try
        {
            change();
        }
        catch
        {
            (_changes, Revision) = (before, revision);
            throw;
        }
    }

    /// <summary>The changes with the documents as they are now.</summary>
    /// <exception cref="DocumentSerializationException">A document has no JSON that the database can keep.</exception>
    public DocumentChange[] Describe(JsonWriter payloads) => IsEmpty
        ? []
        : [.. _changes!.Values.Select(change => Describe(change, payloads) with { Expected = change.Expected })];

    public void Clear() => _changes?.Clear();

    private static DocumentChange Describe(PendingDocument change, JsonWriter payloads) => change.Document is { } document
        ? DocumentChange.Write(change.Table, KindOf(change), change.Id, document, payloads) with
        {
            Life = new DerivedLife(change.Created, change.Modified, IsDeleted: false),
            Version = change.Count,
        }
        : DocumentChange.Delete(change.Table, change.Id);

    private static DocumentChangeKind KindOf(PendingDocument change) =>
        change is { IsAnew: true, Kind: DocumentChangeKind.Store, Table.Derived: not null } ? DocumentChangeKind.Replace : change.Kind;

    private DocumentChangeKind? Find(DocumentTable table, DocumentId id) => _changes?.GetValueOrDefault((table, id))?.Kind;

    // All calls speak of the document as it is before the unit: what the first of them expects still holds. One that must not exist has no
    // version, and one that has a version exists.
    private void Set(
        DocumentTable table, DocumentId id, object? document, DocumentChangeKind kind, DocumentExpectation? expected = null)
    {
        expected = kind == DocumentChangeKind.Insert ? null : _changes?.GetValueOrDefault((table, id))?.Expected ?? expected;
        if (expected is not null && kind == DocumentChangeKind.Store)
            kind = DocumentChangeKind.Update;

        var earlier = _changes?.GetValueOrDefault((table, id));
        (_changes ??= [])[(table, id)] = new PendingDocument(table, kind, id, document, expected)
        {
            Created = earlier?.Document is null ? At : earlier.Created,
            Modified = At,
            Count = earlier?.Document is null ? 1 : earlier.Count + 1,
            IsAnew = earlier is { Document: null } or { IsAnew: true },
        };
        Revision++;
    }
}
