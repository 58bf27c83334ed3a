using System.Runtime.InteropServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>The JSON array that all collections of items are written as and read from.</summary>
internal static class ItemsCodec<T, TCodec>
    where TCodec : struct, IJsonCodec<T>
{
    public static void Write(JsonWriter writer, ReadOnlySpan<T> items)
    {
        ObjectCodec.RefuseTooDeep(writer);
        writer.WriteStartArray();
        foreach (var item in items)
        {
            TCodec.Write(writer, item);
        }

        writer.WriteEndArray();
    }

    public static void Write(JsonWriter writer, IEnumerable<T> items)
    {
        switch (items)
        {
            case T[] array:
                Write(writer, array.AsSpan());
                break;
            case List<T> list:
                Write(writer, CollectionsMarshal.AsSpan(list));
                break;
            default:
                WriteEach(writer, items);
                break;
        }
    }

    public static List<T> Read(ref Utf8JsonReader reader, string type)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonFailure.Unreadable(ref reader, type);

        var items = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(TCodec.Read(ref reader));
        }

        return items;
    }

    private static void WriteEach(JsonWriter writer, IEnumerable<T> items)
    {
        ObjectCodec.RefuseTooDeep(writer);
        writer.WriteStartArray();
        foreach (var item in items)
        {
            TCodec.Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
