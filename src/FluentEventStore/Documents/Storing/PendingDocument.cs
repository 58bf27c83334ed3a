namespace FluentEventStore.Documents;

/// <summary>A change of one document that waits in a session.</summary>
/// <param name="Table">Where the document stands.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Which document.</param>
/// <param name="Document">The document to write; <see langword="null"/> if it is deleted.</param>
/// <param name="Expected">The state that the document must be in before; <see langword="null"/> if any.</param>
internal sealed record PendingDocument(
    DocumentTable Table, DocumentChangeKind Kind, DocumentId Id, object? Document, DocumentExpectation? Expected);
