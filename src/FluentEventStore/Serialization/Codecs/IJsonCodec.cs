using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes and reads one type as JSON. Implemented by generated code and by the codecs it is composed of.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <remarks>
/// Codecs are structs, so that a composition such as a list of records is compiled into one piece, without virtual calls.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonCodec<T>
{
    /// <summary>Writes one JSON value.</summary>
    /// <exception cref="JsonException">
    /// The value has no JSON that the store can keep: NaN, NUL or a lone surrogate in a text, or null where null is not allowed.
    /// </exception>
    static abstract void Write(JsonWriter writer, T value);

    /// <summary>Reads the value whose first token the reader stands on, and leaves the reader on its last token.</summary>
    /// <exception cref="JsonException">The JSON does not fit the type.</exception>
    static abstract T Read(ref Utf8JsonReader reader);
}
