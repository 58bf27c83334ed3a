using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A list as a JSON array.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ListCodec<T, TCodec> : IJsonCodec<List<T>>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, List<T> value)
    {
        if (value is null)
            throw JsonFailure.Null("list");

        PlainCollection<List<T>>.RefuseOther(value);
        ItemsCodec<T, TCodec>.Write(writer, CollectionsMarshal.AsSpan(value));
    }

    /// <inheritdoc/>
    public static List<T> Read(ref Utf8JsonReader reader) => ItemsCodec<T, TCodec>.Read(ref reader, "list");
}
