using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="Dictionary{TKey, TValue}"/> or one of its interfaces as a JSON object; read as a dictionary.</summary>
/// <remarks>Names are kept as they are, not in camel case. If a name occurs twice, the last value counts.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DictionaryCodec<TDictionary, TKey, TValue, TKeyCodec, TValueCodec> : IJsonCodec<TDictionary>
    where TDictionary : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
    where TKeyCodec : struct, IJsonKeyCodec<TKey>
    where TValueCodec : struct, IJsonCodec<TValue>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TDictionary value)
    {
        if (value is not null)
            PlainCollection<TDictionary>.RefuseOther(value);

        ObjectCodec.WriteStart(writer, value);
        if (value is Dictionary<TKey, TValue> dictionary)
            WriteEntries(writer, dictionary);
        else
            WriteEntries(writer, value);

        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public static TDictionary Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonFailure.Unreadable(ref reader, "dictionary");

        var entries = new Dictionary<TKey, TValue>();
        while (ObjectCodec.ReadName(ref reader))
        {
            var key = TKeyCodec.ReadName(ref reader);
            reader.Read();
            entries[key] = TValueCodec.Read(ref reader);
        }

        return (TDictionary)(object)entries;
    }

    private static void WriteEntries(JsonWriter writer, Dictionary<TKey, TValue> entries)
    {
        foreach (var entry in entries)
        {
            TKeyCodec.WriteName(writer, entry.Key);
            TValueCodec.Write(writer, entry.Value);
        }
    }

    private static void WriteEntries(JsonWriter writer, IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        foreach (var entry in entries)
        {
            TKeyCodec.WriteName(writer, entry.Key);
            TValueCodec.Write(writer, entry.Value);
        }
    }
}
