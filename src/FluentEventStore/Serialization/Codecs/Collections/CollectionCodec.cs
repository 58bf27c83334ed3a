using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A collection as a JSON array of its items, in the order in which it enumerates them. When reading, the factory makes it of a list.
/// </summary>
/// <remarks>
/// Collections that need no factory have codecs with shorter names: <see cref="ArrayCodec{T, TCodec}"/>,
/// <see cref="ListCodec{T, TCodec}"/>, <see cref="ListCodec{TList, T, TCodec}"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CollectionCodec<TCollection, T, TCodec, TFactory> : IJsonCodec<TCollection>
    where TCollection : class, IEnumerable<T>
    where TCodec : struct, IJsonCodec<T>
    where TFactory : struct, ICollectionFactory<TCollection, T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TCollection value)
    {
        if (value is null)
            throw JsonFailure.Null("collection");

        PlainCollection<TCollection>.RefuseOther(value);
        ItemsCodec<T, TCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TCollection Read(ref Utf8JsonReader reader) => TFactory.Create(ItemsCodec<T, TCodec>.Read(ref reader, "collection"));
}
