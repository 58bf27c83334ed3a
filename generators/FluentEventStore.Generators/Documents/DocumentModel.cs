using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Documents;

/// <summary>A type of documents.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="IdTypeName">The type of its ids.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="Shapes">The types it is made of, itself included.</param>
internal sealed record DocumentModel(string Name, string TypeName, string IdTypeName, ObjectCodec Codec, EquatableArray<Shape> Shapes);
