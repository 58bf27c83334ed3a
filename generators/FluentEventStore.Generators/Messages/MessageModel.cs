using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Messages;

/// <summary>A type of messages.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="Shapes">The types it is made of, itself included.</param>
internal sealed record MessageModel(string Name, string TypeName, ObjectCodec Codec, EquatableArray<Shape> Shapes);
