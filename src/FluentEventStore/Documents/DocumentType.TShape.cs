using System.Text.Json;

namespace FluentEventStore.Documents;

internal sealed class DocumentType<T, TId, TShape>(string name) : DocumentType(name, typeof(T), typeof(TId))
    where T : class
    where TId : notnull
    where TShape : struct, IDocumentShape<T, TId>
{
    public override void Write(Utf8JsonWriter writer, object document) => TShape.Write(writer, (T)document);

    public override object Read(ref Utf8JsonReader reader) => TShape.Read(ref reader);
}
