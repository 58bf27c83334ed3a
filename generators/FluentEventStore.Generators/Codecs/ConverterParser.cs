using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Codecs;

/// <summary>Finds the converter of System.Text.Json that a property or a type asks for.</summary>
internal static class ConverterParser
{
    private const string OfNumbers = "System.Text.Json.Serialization.JsonNumberEnumConverter`1";
    private const string Converter = "System.Text.Json.Serialization.JsonConverter`1";

    /// <summary>The converters of System.Text.Json that write an enum by its names, as is done anyway, or by its numbers.</summary>
    private static readonly HashSet<string> OfEnums = new(StringComparer.Ordinal)
    {
        "System.Text.Json.Serialization.JsonStringEnumConverter",
        "System.Text.Json.Serialization.JsonStringEnumConverter`1",
        OfNumbers,
    };

    /// <summary>Whether a property or type asks for the numbers of an enum.</summary>
    public static bool WritesNumbers(ISymbol marked, ITypeSymbol value) =>
        value.TypeKind == TypeKind.Enum
            && marked.Find(Attributes.JsonConverter)?.ConstructorArguments is [{ Value: INamedTypeSymbol converter }]
        && converter.MetadataName() == OfNumbers;

    /// <summary>The converter for values of a type that a symbol is marked with.</summary>
    /// <param name="marked">The property or type.</param>
    /// <param name="value">The type of its values.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    /// <param name="fault">Why the mark cannot be followed; empty if it can, or if there is none.</param>
    public static INamedTypeSymbol? Find(ISymbol marked, ITypeSymbol value, Compilation compilation, out string fault)
    {
        fault = marked.FirstOwnConverter() is { } own ? $"[{own}] is not supported; name the converter in [JsonConverter] itself" : "";
        if (fault.Length > 0 || marked.Find(Attributes.JsonConverter) is not { } attribute)
            return null;

        var converter = Named(attribute);
        if (converter is not null && value.TypeKind == TypeKind.Enum && OfEnums.Contains(converter.MetadataName()))
            return null;

        fault = converter is null or { IsUnboundGenericType: true } ? "[JsonConverter] does not name a converter"
            : !SymbolEqualityComparer.Default.Equals(ConvertedBy(converter), value)
                ? $"'{converter.ForMessage()}' is not a JsonConverter<{value.ForMessage()}>"
            : FaultOf(converter, compilation);
        return fault.Length == 0 ? converter : null;
    }

    /// <summary>
    /// The converters that the assembly names, by the types of their values: for all that have none of their own. What is wrong with others
    /// is reported where they are named.
    /// </summary>
    public static Dictionary<ITypeSymbol, INamedTypeSymbol> OfAssembly(Compilation compilation)
    {
        var converters = new Dictionary<ITypeSymbol, INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var attribute in compilation.Assembly.GetAttributes().Where(
            static attribute => attribute.AttributeClass?.MetadataName() == KnownTypes.UseConverterAttribute))
        {
            if (Named(attribute) is { } converter
                && FaultOfNamed(converter, compilation) is null
                && ConvertedBy(converter) is { } value
                && !converters.ContainsKey(value))
                converters.Add(value, converter);
        }

        return converters;
    }

    /// <summary>The converter that an attribute names; <see langword="null"/> if it is no class.</summary>
    public static INamedTypeSymbol? Named(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Value: INamedTypeSymbol converter }] ? converter : null;

    /// <summary>Why a converter cannot stand for all values of its type in an assembly; <see langword="null"/> if it can.</summary>
    public static string? FaultOfNamed(INamedTypeSymbol? converter, Compilation compilation) =>
        converter is null or { IsUnboundGenericType: true } ? "it does not name a converter"
        : ConvertedBy(converter) is not { } value ? $"'{converter.ForMessage()}' is not a JsonConverter<T>"
        : value.IsMarked() ? $"'{value.ForMessage()}' has a form of its own"
        : FaultOf(converter, compilation) is { Length: > 0 } fault ? fault
        : null;

    /// <summary>The type whose values a converter reads and writes; <see langword="null"/> if it is none.</summary>
    public static ITypeSymbol? ConvertedBy(INamedTypeSymbol converter)
    {
        for (var current = converter.BaseType; current is not null; current = current.BaseType)
        {
            if (current.MetadataName() == Converter)
                return current.TypeArguments[0];
        }

        return null;
    }

    private static string FaultOf(INamedTypeSymbol converter, Compilation compilation) => converter switch
    {
        { IsAbstract: true } => $"'{converter.ForMessage()}' is abstract",
        _ when Nameable.FaultOf(converter, compilation) is { } fault => $"'{converter.ForMessage()}' {fault}",
        _ when !compilation.IsSymbolAccessibleWithin(converter, compilation.Assembly) =>
            $"'{converter.ForMessage()}' cannot be named by generated code",
        _ when !converter.InstanceConstructors.Any(
            static constructor => constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public }) =>
            $"'{converter.ForMessage()}' has no public constructor without parameters",
        _ => "",
    };
}
