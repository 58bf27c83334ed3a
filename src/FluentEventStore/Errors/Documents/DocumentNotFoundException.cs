namespace FluentEventStore;

/// <summary>A document was to be updated, but there is none with its id.</summary>
/// <remarks>Nothing of the unit of work was written and the session is still usable.</remarks>
public sealed class DocumentNotFoundException(Type documentType, DocumentId id)
    : FluentEventStoreException($"The {documentType.Name} '{id}' does not exist.")
{
    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; } = documentType;

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; } = id;
}
