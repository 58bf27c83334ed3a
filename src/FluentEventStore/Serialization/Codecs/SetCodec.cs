using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="HashSet{T}"/> or one of its interfaces as a JSON array; read as a hash set. An item that stands twice is read once.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SetCodec<TSet, T, TCodec> : IJsonCodec<TSet>
    where TSet : class, IEnumerable<T>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TSet value)
    {
        if (value is null)
            throw JsonFailure.Null("set");

        ItemsCodec<T, TCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TSet Read(ref Utf8JsonReader reader)
    {
        var items = new HashSet<T>();
        ItemsCodec<T, TCodec>.ReadStart(ref reader, "set");
        while (ItemsCodec<T, TCodec>.ReadItem(ref reader))
        {
            items.Add(TCodec.Read(ref reader));
        }

        return (TSet)(object)items;
    }
}
