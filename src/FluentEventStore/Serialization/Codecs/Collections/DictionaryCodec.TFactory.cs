using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A dictionary of another type than <see cref="Dictionary{TKey, TValue}"/> as a JSON object. When reading, the factory makes it of a
/// dictionary.
/// </summary>
/// <remarks>Otherwise the same as <see cref="DictionaryCodec{TDictionary, TKey, TValue, TKeyCodec, TValueCodec}"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DictionaryCodec<TDictionary, TKey, TValue, TKeyCodec, TValueCodec, TFactory> : IJsonCodec<TDictionary>
    where TDictionary : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
    where TKeyCodec : struct, IJsonKeyCodec<TKey>
    where TValueCodec : struct, IJsonCodec<TValue>
    where TFactory : struct, IDictionaryFactory<TDictionary, TKey, TValue>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TDictionary value) =>
        DictionaryCodec<TDictionary, TKey, TValue, TKeyCodec, TValueCodec>.Write(writer, value);

    /// <inheritdoc/>
    public static TDictionary Read(ref Utf8JsonReader reader) =>
        TFactory.Create(DictionaryCodec<Dictionary<TKey, TValue>, TKey, TValue, TKeyCodec, TValueCodec>.Read(ref reader));
}
