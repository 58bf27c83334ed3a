using System.Text.Json;

namespace FluentEventStore.Documents;

/// <summary>A type of documents: its name, its type of ids, and how it is written and read.</summary>
internal abstract class DocumentType(string name, Type clrType, Type idType)
{
    public string Name { get; } = name;

    public Type ClrType { get; } = clrType;

    /// <summary><see cref="Guid"/>, <see cref="string"/>, <see cref="int"/> or <see cref="long"/>.</summary>
    public Type IdType { get; } = idType;

    public abstract void Write(Utf8JsonWriter writer, object document);

    public abstract object Read(ref Utf8JsonReader reader);
}
