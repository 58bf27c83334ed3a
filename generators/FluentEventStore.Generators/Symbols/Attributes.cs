using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Symbols;

/// <summary>Reading attributes off symbols.</summary>
internal static class Attributes
{
    private const string Json = "System.Text.Json.Serialization.";

    public const string JsonPropertyName = Json + "JsonPropertyNameAttribute";
    public const string JsonIgnore = Json + "JsonIgnoreAttribute";
    public const string JsonExtensionData = Json + "JsonExtensionDataAttribute";
    public const string JsonConverter = Json + "JsonConverterAttribute";
    public const string JsonConstructor = Json + "JsonConstructorAttribute";
    public const string JsonRequired = Json + "JsonRequiredAttribute";
    public const string JsonInclude = Json + "JsonIncludeAttribute";
    public const string JsonNumberHandling = Json + "JsonNumberHandlingAttribute";
    public const string JsonPolymorphic = Json + "JsonPolymorphicAttribute";
    public const string JsonDerivedType = Json + "JsonDerivedTypeAttribute";
    public const string JsonStringEnumMemberName = Json + "JsonStringEnumMemberNameAttribute";

    /// <summary>Why what is forbidden cannot be stored.</summary>
    public const string Forbidden = "it is obsolete as an error, so generated code cannot name it; make it a warning";

    public const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";
    public const string CompilerGenerated = "System.Runtime.CompilerServices.CompilerGeneratedAttribute";
    public const string Flags = "System.FlagsAttribute";

    private static readonly string[] Marks =
    [
        KnownTypes.EventAttribute, KnownTypes.DocumentAttribute, KnownTypes.AggregateAttribute, KnownTypes.StreamIdAttribute,
        KnownTypes.EventHandlerAttribute, KnownTypes.DeciderAttribute, KnownTypes.ProjectionAttribute, KnownTypes.MessageAttribute,
    ];

    /// <summary>Attributes of System.Text.Json that would change the JSON and are not followed.</summary>
    private static readonly HashSet<string> Unsupported = new(StringComparer.Ordinal)
    {
        Json + "JsonUnmappedMemberHandlingAttribute",
        Json + "JsonObjectCreationHandlingAttribute",
    };

    public static AttributeData? Find(this ISymbol symbol, string metadataName)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            // The last name first: it costs nothing to compare.
            if (attribute.AttributeClass is { } type
                && metadataName.EndsWith(type.MetadataName, StringComparison.Ordinal)
                && type.MetadataName() == metadataName)
                return attribute;
        }

        return null;
    }

    /// <summary>Whether naming the symbol is an error, which no pragma turns off.</summary>
    public static bool IsForbidden(this ISymbol symbol) =>
        symbol.Find("System.ObsoleteAttribute")?.ConstructorArguments is [_, { Value: true }];

    /// <summary>Whether naming the type is an error, because of itself, a type around it, or one of its arguments.</summary>
    public static bool NamesForbidden(this ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType.NamesForbidden(),
        INamedTypeSymbol named =>
            named.IsForbidden() || (named.ContainingType?.NamesForbidden() ?? false) || named.TypeArguments.Any(NamesForbidden),
        _ => false,
    };

    /// <summary>Whether an attribute says what the type is for the store.</summary>
    public static bool IsMarked(this ISymbol symbol) => Marks.Any(symbol.Has);

    public static bool Has(this ISymbol symbol, string metadataName) => symbol.Find(metadataName) is not null;

    /// <summary>The first argument of the constructor, if it is a text.</summary>
    public static string? Text(this AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Value: string text }, ..] ? text : null;

    /// <summary>A named argument, or the default of the attribute.</summary>
    public static T Named<T>(this AttributeData attribute, string name, T fallback)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value.Value is T value)
                return value;
        }

        return fallback;
    }

    /// <summary>The name of an attribute on the symbol that would change the JSON and is not followed.</summary>
    public static string? FirstUnsupported(this ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && (Unsupported.Contains(type.MetadataName()) || IsOwnConverter(type)))
                return NameOf(type);
        }

        return null;
    }

    /// <summary>
    /// The name of an attribute of the user's own that derives from [JsonConverter]: which converter it stands for is up to code that does
    /// not run here.
    /// </summary>
    public static string? FirstOwnConverter(this ISymbol symbol) =>
        symbol.GetAttributes()
            .Select(static attribute => attribute.AttributeClass)
            .FirstOrDefault(static type => type is not null && IsOwnConverter(type)) is { } found
            ? NameOf(found)
            : null;

    private static bool IsOwnConverter(INamedTypeSymbol type) =>
        type.BaseType is { SpecialType: not SpecialType.System_Object } baseType
            && (baseType.MetadataName() == JsonConverter || IsOwnConverter(baseType));

    private static string NameOf(INamedTypeSymbol attribute) => attribute.Name.EndsWith(nameof(Attribute), StringComparison.Ordinal)
        ? attribute.Name.Substring(0, attribute.Name.Length - nameof(Attribute).Length)
        : attribute.Name;
}
