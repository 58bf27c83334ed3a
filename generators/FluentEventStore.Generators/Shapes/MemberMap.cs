using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>
/// The members of an event or document and of all that it holds. Since a type may hold itself, a path is followed step by step: the name
/// of a member in JSON is its place in its object, and its codec leads to the members within.
/// </summary>
/// <param name="shapes">The types that it is made of.</param>
internal sealed class MemberMap(EquatableArray<Shape> shapes)
{
    private readonly Dictionary<string, Shape> _shapes = shapes.ToDictionary(static shape => shape.CodecName, StringComparer.Ordinal);

    /// <summary>The type that a codec of this name is generated for; <see langword="null"/> if it is none of these.</summary>
    public Shape? Find(string codecName) => _shapes.TryGetValue(codecName, out var shape) ? shape : null;

    /// <summary>The members of an object; of one of several types, those of the type that lists them.</summary>
    public EquatableArray<MemberModel> MembersOf(ObjectCodec codec) => MembersOf(Find(codec.Name));

    /// <inheritdoc cref="MembersOf(ObjectCodec)"/>
    public EquatableArray<MemberModel> MembersOf(Shape? shape) => shape switch
    {
        ObjectShape type => type.Members,
        PolymorphicShape { BaseCodec: { } itself } => MembersOf(itself),
        _ => default,
    };
}
