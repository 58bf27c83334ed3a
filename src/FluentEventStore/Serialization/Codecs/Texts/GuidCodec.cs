using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="System.Guid"/> as a JSON string in the lower-case <c>D</c> form.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct GuidCodec : IJsonCodec<Guid>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, Guid value) => writer.WriteQuoted(value, "D");

    /// <inheritdoc/>
    public static Guid Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "Guid");
}
