using System.Text;
using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Tests.Serialization;

/// <summary>Writes and reads events as the store does: through the catalog that the generated code fills.</summary>
internal static class Json
{
    public static string Write(object data)
    {
        using var writer = new JsonWriter();
        TypeOf(data.GetType()).Write(writer, data);
        return Encoding.UTF8.GetString(writer.Piece.Span);
    }

    public static T Read<T>(string json)
        where T : notnull
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var read = (T)TypeOf(typeof(T)).Read(ref reader, default).Data;
        reader.Read().ShouldBeFalse("a codec leaves the reader on the last token of its value");
        return read;
    }

    public static EventType TypeOf(Type type) =>
        EventCatalog.TryGet(type, out var eventType) ? eventType : throw new InvalidOperationException($"{type} is not registered.");
}
