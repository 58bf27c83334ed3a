using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>An array as a JSON array.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ArrayCodec<T, TCodec> : IJsonCodec<T[]>
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T[] value)
    {
        if (value is null)
            throw JsonFailure.Null("array");

        ItemsCodec<T, TCodec>.Write(writer, value.AsSpan());
    }

    /// <inheritdoc/>
    public static T[] Read(ref Utf8JsonReader reader) => [.. ItemsCodec<T, TCodec>.Read(ref reader, "array")];
}
