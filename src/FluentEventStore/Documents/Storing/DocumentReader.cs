using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

internal static class DocumentReader
{
    /// <exception cref="DocumentSerializationException">The JSON does not fit the type.</exception>
    public static object Read(DocumentType type, DocumentId id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            return type.Read(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new DocumentSerializationException(
                type.ClrType, id, JsonPath.PlaceOf(json, reader.TokenStartIndex), failure.Message, failure)
            {
                IsStored = true,
            };
        }
    }
}
