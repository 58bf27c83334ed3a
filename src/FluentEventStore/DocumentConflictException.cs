namespace FluentEventStore;

/// <summary>A document was changed by someone else while the unit of work was being saved.</summary>
/// <remarks>Nothing was written and the session is still usable.</remarks>
public sealed class DocumentConflictException(Type documentType, DocumentId id)
    : FluentEventStoreException($"The {documentType.Name} '{id}' was changed by someone else.")
{
    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; } = documentType;

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; } = id;
}
