namespace FluentEventStore.Documents;

/// <summary>A change of one document that waits in a session.</summary>
/// <param name="Table">Where the document stands.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Which document.</param>
/// <param name="Document">The document to write; <see langword="null"/> if it is deleted.</param>
/// <param name="Expected">The state that the document must be in before; <see langword="null"/> if any.</param>
internal sealed record PendingDocument(
    DocumentTable Table, DocumentChangeKind Kind, DocumentId Id, object? Document, DocumentExpectation? Expected)
{
    /// <summary>For what is derived from events: the timestamp of the first event of the unit that wrote it.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>For what is derived from events: that of the last one.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>How often it was written since it began.</summary>
    public int Count { get; init; }

    /// <summary>Whether it was deleted before in the same unit.</summary>
    public bool IsAnew { get; init; }
}
