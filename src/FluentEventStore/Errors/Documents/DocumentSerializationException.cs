namespace FluentEventStore;

/// <summary>A document could not be written as JSON, or its stored JSON does not fit its type.</summary>
/// <remarks>
/// While writing: nothing was sent to the database, and the session holds what it held. While reading: the stored document is as it was.
/// What failed, such as a constructor or a converter of yours, is the <see cref="Exception.InnerException"/>.
/// </remarks>
public sealed class DocumentSerializationException : FluentEventStoreException
{
    /// <param name="documentType">The type of the document.</param>
    /// <param name="id">The id of the document.</param>
    /// <param name="place">Where in the JSON it went wrong.</param>
    /// <param name="reason">What is wrong there.</param>
    /// <param name="innerException">What failed.</param>
    public DocumentSerializationException(Type documentType, DocumentId id, JsonPlace place, string reason, Exception innerException)
        : base($"The {documentType.Name} '{id}' does not fit its JSON at {place.Path}: {reason}", innerException)
    {
        DocumentType = documentType;
        Id = id;
        Path = place.Path;
        Excerpt = place.Excerpt;
        Reason = reason;
    }

    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; }

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.address.city</c>; <c>$</c> if it concerns the whole.</summary>
    public string Path { get; }

    /// <summary>
    /// What stands around that place, 200 characters at most: in the stored JSON or, while writing, in what was written so far. It is not
    /// part of the message, so that contents of documents do not get into logs by themselves.
    /// </summary>
    public string Excerpt { get; }

    /// <summary>Whether it is the stored JSON that does not fit; otherwise the document could not be written.</summary>
    public bool IsStored { get; init; }

    /// <summary>What is wrong there: the message of the inner exception.</summary>
    public string Reason { get; }
}
