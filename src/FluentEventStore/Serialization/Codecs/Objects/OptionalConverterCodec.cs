using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Serialization;

/// <summary>
/// What a converter makes of a reference type or null: of null only if its <see cref="JsonConverter{T}.HandleNull"/> asks for it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OptionalConverterCodec<T, TConverter> : IJsonCodec<T?>
    where T : class
    where TConverter : JsonConverter<T>, new()
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, T? value)
    {
        if (ConverterCodec<T, TConverter>.IsNull(value))
            writer.WriteNull();
        else
            ConverterCodec<T, TConverter>.Write(writer, value!);
    }

    /// <inheritdoc/>
    public static T? Read(ref Utf8JsonReader reader) =>
        ConverterCodec<T, TConverter>.IsNull(ref reader) ? null : ConverterCodec<T, TConverter>.ReadAny(ref reader);
}
