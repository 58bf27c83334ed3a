using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>One of the interfaces that <see cref="List{T}"/> implements, as a JSON array; read as a list.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SequenceCodec<TSequence, T, TCodec> : IJsonCodec<TSequence>
    where TSequence : class, IEnumerable<T>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TSequence value)
    {
        if (value is null)
            throw JsonFailure.Null("list");

        ItemsCodec<T, TCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TSequence Read(ref Utf8JsonReader reader) => (TSequence)(object)ItemsCodec<T, TCodec>.Read(ref reader, "list");
}
