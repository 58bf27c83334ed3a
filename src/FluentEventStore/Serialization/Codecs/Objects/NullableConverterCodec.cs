using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Serialization;

/// <summary>
/// What a converter makes of a value type. No value is JSON null; the converter reads JSON null only if its
/// <see cref="JsonConverter{T}.HandleNull"/> says so.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct NullableConverterCodec<T, TConverter> : IJsonCodec<T?>
    where T : struct
    where TConverter : JsonConverter<T>, new()
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T? value)
    {
        if (value.HasValue)
            ConverterCodec<T, TConverter>.Write(writer, value.GetValueOrDefault(), ConverterCodec<T, TConverter>.HandlesNull);
        else
            writer.WriteNull();
    }

    /// <inheritdoc/>
    public static T? Read(ref Utf8JsonReader reader) =>
        ConverterCodec<T, TConverter>.IsNull(ref reader) ? null : ConverterCodec<T, TConverter>.ReadAny(ref reader);
}
