using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

/// <summary>A change of one document, to be written with a unit of work.</summary>
/// <param name="Table">Where the document stands.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Which document.</param>
/// <param name="Json">What is written, valid as long as the payloads of the unit are; empty if the document is deleted.</param>
/// <param name="Source">For a snapshot: what it was folded from.</param>
/// <param name="Expected">The state that the document must be in before; <see langword="null"/> if any.</param>
internal sealed record DocumentChange(
    DocumentTable Table,
    DocumentChangeKind Kind,
    DocumentId Id,
    ReadOnlyMemory<byte> Json,
    SnapshotSource? Source = null,
    DocumentExpectation? Expected = null)
{
    /// <summary>For what is derived from events: when it began and changed.</summary>
    public DerivedLife Life { get; init; }

    /// <summary>For what is derived: how far. Of a snapshot, the version of its stream; of a view, how many events it holds.</summary>
    public long Version { get; init; }

    /// <summary>For a view: how many events it held when it was read.</summary>
    public long VersionBefore { get; init; }

    public static DocumentChange Delete(DocumentTable table, DocumentId id) => new(table, DocumentChangeKind.Delete, id, default);

    /// <exception cref="DocumentSerializationException">The document has no JSON that the database can keep.</exception>
    public static DocumentChange Write(
        DocumentTable table, DocumentChangeKind kind, DocumentId id, object document, JsonWriter payloads, SnapshotSource? source = null) =>
        new(table, kind, id, DocumentWriter.Encode(table.Type, id, document, payloads), source);
}
