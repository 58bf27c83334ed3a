using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A text as a property name, as it is.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StringKeyCodec : IJsonKeyCodec<string>
{
    /// <inheritdoc/>
    public static void WriteName(JsonWriter writer, string key) => writer.WriteName(key);

    /// <inheritdoc/>
    public static string ReadName(ref Utf8JsonReader reader) => reader.GetString()!;
}
