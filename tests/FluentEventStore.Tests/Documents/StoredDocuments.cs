using System.Text;
using System.Text.Json;
using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore.Tests.Documents;

/// <summary>Writes and reads documents as the store does: through the catalog that the generated code fills.</summary>
internal static class StoredDocuments
{
    public static string Write(object document)
    {
        using var writer = new JsonWriter();
        TypeOf(document.GetType()).Write(writer, document);
        return Encoding.UTF8.GetString(writer.Piece.Span);
    }

    public static T Read<T>(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return (T)TypeOf(typeof(T)).Read(ref reader);
    }

    public static DocumentType TypeOf(Type type) =>
        DocumentCatalog.TryGet(type, out var documentType)
            ? documentType
            : throw new InvalidOperationException($"{type} is not registered.");
}
