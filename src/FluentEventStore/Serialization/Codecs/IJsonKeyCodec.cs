using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes and reads a type of dictionary keys as the names of a JSON object.</summary>
/// <typeparam name="T">The type of the keys.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonKeyCodec<T>
{
    /// <summary>Writes one property name.</summary>
    /// <exception cref="JsonException">The key has no JSON that the store can keep.</exception>
    static abstract void WriteName(JsonWriter writer, T key);

    /// <summary>Reads the property name that the reader stands on.</summary>
    /// <exception cref="JsonException">The name does not fit the type.</exception>
    static abstract T ReadName(ref Utf8JsonReader reader);
}
