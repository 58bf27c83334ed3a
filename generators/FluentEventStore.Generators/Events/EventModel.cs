using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Events;

/// <summary>A type of events.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Version">Which shape of the named event it is.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="ErasedName">The fully qualified type without nullable annotations.</param>
/// <param name="Assembly">The assembly that declares it, or its definition; empty if it is the compiled one.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="Aliases">Its former names.</param>
/// <param name="Tags">The properties that tag it.</param>
/// <param name="Shapes">The types it is made of, itself included.</param>
internal sealed record EventModel(
    string Name, int Version, string TypeName, string ErasedName, string Assembly, ObjectCodec Codec,
    EquatableArray<string> Aliases, EquatableArray<TagModel> Tags, EquatableArray<Shape> Shapes);
