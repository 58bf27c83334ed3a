using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="FluentEventStore.StreamId"/> as the JSON string of its text.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StreamIdCodec : IJsonCodec<StreamId>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, StreamId value) =>
        StringCodec.Write(writer, value.IsDefault ? throw new JsonException(StreamId.DefaultIsNone) : value.Value);

    /// <inheritdoc/>
    public static StreamId Read(ref Utf8JsonReader reader)
    {
        try
        {
            return new StreamId(StringCodec.Read(ref reader));
        }
        catch (ArgumentException refused)
        {
            throw new JsonException(refused.Message, refused);
        }
    }
}
