namespace FluentEventStore;

/// <summary>A document was to be inserted, but one with its id exists.</summary>
/// <remarks>Nothing of the unit of work was written and the session is still usable.</remarks>
public sealed class DocumentAlreadyExistsException(Type documentType, DocumentId id)
    : FluentEventStoreException($"The {documentType.Name} '{id}' cannot be inserted: it exists already.")
{
    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; } = documentType;

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; } = id;
}
