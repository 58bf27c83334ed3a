using System.Globalization;

namespace FluentEventStore;

/// <summary>Inline snapshots could not be written in time: others wrote to their streams, or held them locked.</summary>
/// <remarks>Nothing was written and the session is still usable: save it again.</remarks>
public sealed class SnapshotConflictException(IReadOnlyList<(Type DocumentType, DocumentId Id)> documents, TimeSpan waited)
    : FluentEventStoreException(string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", documents.Select(static document => $"{document.DocumentType.Name} '{document.Id}'"))} could not be written "
            + $"within {waited.TotalSeconds:0.#} s: others write to the stream or hold it locked."))
{
    /// <summary>The documents that the unit of work would have written.</summary>
    public IReadOnlyList<(Type DocumentType, DocumentId Id)> Documents { get; } = documents;

    /// <summary>The type of the first of them.</summary>
    public Type DocumentType => Documents[0].DocumentType;

    /// <summary>The id of the first of them.</summary>
    public DocumentId Id => Documents[0].Id;

    /// <summary>How long the unit was tried: as long as a statement may run.</summary>
    public TimeSpan Waited { get; } = waited;
}
