namespace FluentEventStore.Documents;

/// <summary>A change of one document that waits in a session.</summary>
/// <param name="Table">Where the document stands.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Which document.</param>
/// <param name="Document">The document to write; <see langword="null"/> if it is deleted.</param>
internal sealed record PendingDocument(DocumentTable Table, DocumentChangeKind Kind, DocumentId Id, object? Document);
