namespace FluentEventStore.Documents;

/// <summary>A change of one document, to be written with a unit of work.</summary>
/// <param name="Table">Where the document stands.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Which document.</param>
/// <param name="Document">The document to write; <see langword="null"/> where it is deleted.</param>
/// <param name="View">Of a view: what it was folded from.</param>
internal sealed record DocumentChange(DocumentTable Table, DocumentChangeKind Kind, DocumentId Id, object? Document, ViewSource? View = null);
