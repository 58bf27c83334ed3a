using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>A base type or interface whose values are told apart by a property of the JSON.</summary>
/// <param name="CodecName">The name of the generated struct.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="PropertyName">The property that says which type a value is.</param>
/// <param name="BaseCodec">The codec of the type itself; <see langword="null"/> if it is abstract.</param>
/// <param name="Unlisted">What is done with a value whose type is not listed.</param>
/// <param name="IgnoresUnknown">Whether what names no type is read as the base type.</param>
/// <param name="Derived">The types that it lists.</param>
internal sealed record PolymorphicShape(
    string CodecName, string TypeName, string PropertyName, ObjectCodec? BaseCodec, Unlisted Unlisted, bool IgnoresUnknown,
    EquatableArray<DerivedModel> Derived)
    : Shape(CodecName, TypeName);

/// <summary>What is written of a value whose type is not listed; the values are those of JsonUnknownDerivedTypeHandling.</summary>
internal enum Unlisted
{
    Refused = 0,
    AsBase = 1,
    AsNearest = 2,
}

/// <summary>A type that a base type or interface lists.</summary>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Codec">Its codec as one of these.</param>
/// <param name="Discriminator">The text or number that stands for it, as a literal; <see langword="null"/> if there is none.</param>
/// <param name="Depth">How many base types it has.</param>
internal sealed record DerivedModel(string TypeName, ObjectCodec Codec, string? Discriminator, int Depth);
