using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models a base type or interface with [JsonDerivedType].</summary>
internal static class PolymorphicParser
{
    private const string Attribute = "[JsonDerivedType]";
    private const string DefaultName = "$type";

    /// <summary>Whether the values of a member of this type are told apart by a property of the JSON.</summary>
    public static bool IsPolymorphic(INamedTypeSymbol type) => type.Has(Attributes.JsonDerivedType) || type.Has(Attributes.JsonPolymorphic);

    /// <param name="type">The base type or interface.</param>
    /// <param name="codecName">The name of its codec.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="demand">Asks for the codec of a derived type, or of the base itself, as one of these.</param>
    public static PolymorphicShape? Parse(
        INamedTypeSymbol type, string codecName, Compilation compilation, Findings findings,
        Func<INamedTypeSymbol, DiscriminatorModel?, ObjectCodec> demand)
    {
        var options = type.Find(Attributes.JsonPolymorphic);
        var name = options?.Named("TypeDiscriminatorPropertyName", DefaultName) ?? DefaultName;
        var listed = type.GetAttributes()
            .Where(static attribute => attribute.AttributeClass?.MetadataName() == Attributes.JsonDerivedType)
            .ToArray();
        if (listed.Length == 0)
            return Report(type, findings, "[JsonPolymorphic]", "no [JsonDerivedType] lists a type");

        if (NameRules.FaultOfJsonName(name) is { } unstorable)
            return Report(type, findings, "[JsonPolymorphic]", unstorable);

        var derived = new List<DerivedModel>();
        foreach (var attribute in listed)
        {
            if (attribute.ConstructorArguments is not [{ Value: INamedTypeSymbol named }, ..])
                return Report(type, findings, Attribute, "it does not name a class");

            var of = named.IsUnboundGenericType
                ? named
                : (INamedTypeSymbol)named.Explicit(compilation).WithNullableAnnotation(NullableAnnotation.NotAnnotated);
            var discriminator = Discriminator(attribute, name);
            if ((FaultOf(type, of, discriminator, derived, compilation) ?? FaultOfDiscriminator(type, of, attribute)) is { } fault)
                return Report(type, findings, Attribute, fault);

            derived.Add(new DerivedModel(of.Bare(), demand(of, discriminator), discriminator?.Value, Depth(of)));
        }

        var isListed = derived.FirstOrDefault(item => item.TypeName == type.Bare());
        var baseCodec = isListed?.Codec ?? (type.IsAbstract ? null : demand(type, null));
        return new PolymorphicShape(
            codecName,
            type.Bare(),
            name,
            baseCodec,
            (Unlisted)(options?.Named("UnknownDerivedTypeHandling", 0) ?? 0),
            options?.Named("IgnoreUnrecognizedTypeDiscriminators", false) ?? false,
            derived.ToEquatableArray());
    }

    private static DiscriminatorModel? Discriminator(AttributeData attribute, string name) => attribute.ConstructorArguments switch
    {
        [_, { Value: string text }] => new DiscriminatorModel(name, Literals.Text(text) + "u8", Literals.Quoted(text)),
        [_, { Value: int number }] =>
            new DiscriminatorModel(
                name, number.ToString(CultureInfo.InvariantCulture), $"\"{number.ToString(CultureInfo.InvariantCulture)}\"u8"),
        _ => null,
    };

    private static string? FaultOf(
        INamedTypeSymbol type,
        INamedTypeSymbol derived,
        DiscriminatorModel? discriminator,
        List<DerivedModel> others,
        Compilation compilation) =>
        derived.IsUnboundGenericType ? $"'{derived.ForMessage()}' is an open generic type"
        : !compilation.Is(derived, type) ? $"'{derived.ForMessage()}' does not derive from it"
        : others.Any(other => other.TypeName == derived.Bare()) ? $"'{derived.ForMessage()}' is listed twice"
        : discriminator is not null && others.Any(other => other.Discriminator == discriminator.Value)
            ? $"another type has the discriminator of '{derived.ForMessage()}'"
        : null;

    // Without one, only the base type itself is told apart.
    private static string? FaultOfDiscriminator(INamedTypeSymbol type, INamedTypeSymbol derived, AttributeData attribute) =>
        attribute.ConstructorArguments switch
    {
        [_, { Value: string text }] => NameRules.FaultOfJsonName(text),
        [_, { Value: int }] => null,
        _ =>
            derived.Bare() == type.Bare()
                ? null
                : $"the JSON of '{derived.ForMessage()}' would not say what it is: give it a discriminator, as in "
                    + $"[JsonDerivedType(typeof({derived.Name}), \"{NameRules.Kebab(derived.Name)}\")]",
    };

    private static int Depth(INamedTypeSymbol type) => type.BaseType is { } baseType ? Depth(baseType) + 1 : 0;

    private static PolymorphicShape? Report(INamedTypeSymbol type, Findings findings, string attribute, string fault)
    {
        findings.Add(Rules.UnsupportedAttribute, type, attribute, type.ForMessage(), fault);
        return null;
    }
}
