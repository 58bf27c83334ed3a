using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>One of the interfaces that <see cref="List{T}"/> implements, as a JSON array; read as a list.</summary>
/// <remarks>Collections that are no lists are made of one by a <see cref="CollectionCodec{TCollection, T, TCodec, TFactory}"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ListCodec<TList, T, TCodec> : IJsonCodec<TList>
    where TList : class, IEnumerable<T>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TList value)
    {
        if (value is null)
            throw JsonFailure.Null("list");

        PlainCollection<TList>.RefuseOther(value);
        ItemsCodec<T, TCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TList Read(ref Utf8JsonReader reader) => (TList)(object)ItemsCodec<T, TCodec>.Read(ref reader, "list");
}
