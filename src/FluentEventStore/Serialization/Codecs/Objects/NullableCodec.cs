using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A value type or JSON null.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NullableCodec<T, TCodec> : IJsonCodec<T?>
    where T : struct
    where TCodec : struct, IJsonCodec<T>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T? value)
    {
        // No other type writes a value as null.
        if (typeof(T) == typeof(JsonElement) && value is JsonElement { ValueKind: JsonValueKind.Null })
            throw new JsonException("A JsonElement that is JSON null would be read back as no value: store null instead.");

        if (value.HasValue)
            TCodec.Write(writer, value.GetValueOrDefault());
        else
            writer.WriteNull();
    }

    /// <inheritdoc/>
    public static T? Read(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Null ? null : TCodec.Read(ref reader);
}
