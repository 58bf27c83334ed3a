using System.Text.Json;
using FluentEventStore.Postgres;
using FluentEventStore.Schema;
using FluentEventStore.Serialization;
using Npgsql;

namespace FluentEventStore.Documents;

/// <summary>A type of documents: its name, its type of ids, and how it is written and read.</summary>
internal abstract class DocumentType(string name, Type clrType, Type idType)
{
    public string Name { get; } = name;

    public Type ClrType { get; } = clrType;

    /// <summary><see cref="Guid"/>, <see cref="string"/>, <see cref="int"/> or <see cref="long"/>.</summary>
    public Type IdType { get; } = idType;

    /// <summary>The table that holds the documents of the type.</summary>
    public SqlIdentifier Table { get; } = new(StoreTable.DocumentPrefix + name.Replace('-', '_'));

    /// <summary>Whether a projection that the process knows derives it from events, be it one of the store at hand or not.</summary>
    public bool IsDerived => DocumentCatalog.IsDerived(ClrType);

    public abstract void Write(JsonWriter writer, object document);

    public abstract object Read(ref Utf8JsonReader reader);

    /// <summary>The id of a document; <see langword="null"/> if it has none.</summary>
    public abstract DocumentId? FindId(object document);

    /// <summary>The id of a document. A document without an id gets one if the ids are <see cref="Guid"/>s.</summary>
    /// <exception cref="ArgumentException">The document has no id.</exception>
    public abstract DocumentId Identify(object document, TimeProvider timeProvider);

    /// <summary>Gives a document without an id this one.</summary>
    /// <returns>The id that it has instead; <see langword="null"/> if it has this one.</returns>
    public abstract DocumentId? IdentifyAs(object document, DocumentId id);

    /// <summary>Gives a document without an id the id of its stream, if that fits the type of its ids.</summary>
    public abstract void IdentifyByStream(object document, StreamId streamId);

    /// <summary>
    /// The id of a document if it has one other than its stream's; <see langword="null"/> also if the stream's id is of another type.
    /// </summary>
    public abstract DocumentId? FindOtherId(object document, StreamId streamId);

    /// <summary>The id as the type of the documents' ids.</summary>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public abstract DocumentId Convert(DocumentId id);

    /// <summary>The id of the document that is the snapshot of a stream.</summary>
    /// <exception cref="ArgumentException">The stream's id is not one that the documents can have.</exception>
    public DocumentId Convert(StreamId streamId) => TryConvert(streamId) is { } id
        ? id
        : throw new ArgumentException(
            $"Stream '{streamId}' cannot be kept as a {ClrType.Name}: the ids of {ClrType.Name} are of type {IdType.Name}.", nameof(
                streamId));

    /// <summary>Whether the stream's id is one that the documents can have.</summary>
    public bool CanConvert(StreamId streamId) => TryConvert(streamId) is not null;

    /// <summary>
    /// The stream whose snapshot the document with this id is; <see langword="null"/> if there can be none. The id has the type of the
    /// document's ids.
    /// </summary>
    public static StreamId? StreamOf(DocumentId id) => StreamId.Find(id.ToString());

    /// <summary>Adds an id as the next parameter.</summary>
    public abstract void AddId(NpgsqlBatchCommand command, DocumentId id);

    /// <summary>Adds ids as the next parameter, an array.</summary>
    public abstract void AddIds(NpgsqlBatchCommand command, IReadOnlyList<DocumentId> ids);

    /// <summary>The stream's id as the type of the documents' ids; <see langword="null"/> if it does not fit.</summary>
    protected abstract DocumentId? TryConvert(StreamId streamId);
}
