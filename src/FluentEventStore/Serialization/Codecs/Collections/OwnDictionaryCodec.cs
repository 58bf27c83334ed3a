using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A dictionary of a user-declared type, as a JSON object. It is read by setting each entry of a new dictionary.</summary>
/// <remarks>Otherwise the same as <see cref="DictionaryCodec{TDictionary, TKey, TValue, TKeyCodec, TValueCodec}"/>.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OwnDictionaryCodec<TDictionary, TKey, TValue, TKeyCodec, TValueCodec> : IJsonCodec<TDictionary>
    where TDictionary : class, IDictionary<TKey, TValue>, new()
    where TKey : notnull
    where TKeyCodec : struct, IJsonKeyCodec<TKey>
    where TValueCodec : struct, IJsonCodec<TValue>
{
    private static readonly bool TakesEntries = !new TDictionary().IsReadOnly;

    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TDictionary value)
    {
        if (value is null)
            throw JsonFailure.Null("dictionary");

        if (!TakesEntries)
            throw JsonFailure.ReadOnly<TDictionary>();

        if (value.GetType() != typeof(TDictionary))
            throw JsonFailure.Derived(value, typeof(TDictionary));

        DictionaryCodec<TDictionary, TKey, TValue, TKeyCodec, TValueCodec>.Write(writer, value);
    }

    /// <inheritdoc/>
    public static TDictionary Read(ref Utf8JsonReader reader)
    {
        var dictionary = new TDictionary();
        foreach (var (key, value) in DictionaryCodec<Dictionary<TKey, TValue>, TKey, TValue, TKeyCodec, TValueCodec>.Read(ref reader))
        {
            dictionary[key] = value;
        }

        return dictionary;
    }
}
