using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="FluentEventStore.StreamId"/> as the JSON string of its text.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StreamIdCodec : IJsonCodec<StreamId>
{
    /// <inheritdoc/>
    public static void Write(Utf8JsonWriter writer, StreamId value) =>
        StringCodec.Write(writer, value.IsDefault ? throw new JsonException("default(StreamId) is no stream id.") : value.Value);

    /// <inheritdoc/>
    public static StreamId Read(ref Utf8JsonReader reader) => StreamId.Stored(StringCodec.Read(ref reader));
}
