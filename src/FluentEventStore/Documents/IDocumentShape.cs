using System.ComponentModel;
using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

/// <summary>How a type of documents is written, read and identified. Implemented by generated code.</summary>
/// <typeparam name="T">The type of the documents.</typeparam>
/// <typeparam name="TId">
/// The type of their ids: <see cref="Guid"/>, <see cref="string"/>, <see cref="int"/> or <see cref="long"/>.
/// </typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IDocumentShape<T, TId> : IJsonCodec<T>
{
    /// <summary>The id of a document; the default of its type if none is assigned.</summary>
    static abstract TId GetId(T document);

    /// <summary>Assigns an id, even if the property is init-only.</summary>
    static abstract void SetId(T document, TId id);
}
