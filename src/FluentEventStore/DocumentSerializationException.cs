namespace FluentEventStore;

/// <summary>A document could not be written as JSON, or its stored JSON does not fit its type.</summary>
/// <remarks>While writing: nothing was sent to the database. While reading: the stored document is as it was.</remarks>
public sealed class DocumentSerializationException : FluentEventStoreException
{
    internal DocumentSerializationException(Type documentType, DocumentId id, string path, string reason, Exception innerException)
        : base($"The {documentType.Name} '{id}' does not fit its JSON at {path}: {reason}", innerException)
    {
        DocumentType = documentType;
        Id = id;
        Path = path;
        Reason = reason;
    }

    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; }

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.address.city</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there.</summary>
    public string Reason { get; }
}
