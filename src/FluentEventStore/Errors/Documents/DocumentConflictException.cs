using System.Globalization;

namespace FluentEventStore;

/// <summary>A document to be updated or deleted was not in the state that the caller expected.</summary>
/// <remarks>
/// Nothing of the unit of work was written and the session is still usable. Saving it again meets the same: load the document and decide
/// again.
/// </remarks>
public sealed class DocumentConflictException(Type documentType, DocumentId id, long expected, long actual)
    : FluentEventStoreException(string.Create(
        CultureInfo.InvariantCulture,
        $"The {documentType.Name} '{id}' {(actual == 0
            ? $"does not exist; version {expected} was expected."
            : actual == expected
                ? $"is at version {actual}, which was expected, but it is another one: it was deleted and stored anew."
                : $"is at version {actual}; {expected} was expected.")}"))
{
    /// <summary>The type of the document.</summary>
    public Type DocumentType { get; } = documentType;

    /// <summary>The id of the document.</summary>
    public DocumentId Id { get; } = id;

    /// <summary>The version that was expected.</summary>
    public long Expected { get; } = expected;

    /// <summary>
    /// The version that the document is at; 0 if there is none. The expected one if the document was deleted and stored anew, and a
    /// <see cref="StoredVersion"/> of the former one was expected.
    /// </summary>
    public long Actual { get; } = actual;
}
