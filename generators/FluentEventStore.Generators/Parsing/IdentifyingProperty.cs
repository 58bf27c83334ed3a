using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Properties and fields whose value names something: the subject of personal data, or what a tag is about.</summary>
internal static class IdentifyingProperty
{
    /// <summary>
    /// An attribute on the member itself, on a property that it overrides, or on the parameter of a constructor that stands for it, as in a
    /// positional record.
    /// </summary>
    public static AttributeData? FindMark(ISymbol member, INamedTypeSymbol type, string attribute)
    {
        var declarations = Declarations(member).ToArray();
        if (declarations.Select(declaration => declaration.Find(attribute)).FirstOrDefault(static mark => mark is not null) is { } found)
            return found;

        var constructors = type.InstanceConstructors.Concat(
            declarations.SelectMany(static declaration => declaration.ContainingType.InstanceConstructors));
        return constructors.SelectMany(static constructor => constructor.Parameters)
            .Where(parameter => string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase))
            .Select(parameter => parameter.Find(attribute))
            .FirstOrDefault(static mark => mark is not null);
    }

    private static IEnumerable<ISymbol> Declarations(ISymbol member)
    {
        for (var current = member; current is not null; current = (current as IPropertySymbol)?.OverriddenProperty)
        {
            yield return current;
        }
    }

    /// <summary>
    /// The access to the value; <see langword="null"/> if it is not of type Guid, string, int, long or a typed stream id, or may be
    /// null.
    /// </summary>
    public static string? TextOf(ISymbol member)
    {
        var name = TypeNames.Escape(member.Name);
        var type = member.TypeOfValue();
        return type switch
        {
            { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } => name,
            { SpecialType: SpecialType.System_String, NullableAnnotation: not NullableAnnotation.Annotated } => name,
            { SpecialType: SpecialType.System_String } when member.OriginalDefinition.TypeOfValue().AsksForValue() => name + "!",
            _ when type.MetadataName() == "System.Guid" => name,
            INamedTypeSymbol named when named.Has(KnownTypes.StreamIdAttribute) && IdTypes.FindValue(named) is { } value =>
                $"{name}.{TypeNames.Escape(value.Name)}",
            _ => null,
        };
    }

    /// <summary>What is wrong with the type of a property that identifies nothing.</summary>
    public static string FaultOf(ITypeSymbol type)
    {
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] }
            ? inner
            : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        return IdTypes.IsIdType(value) || IdTypes.WrappedBy(value) is not null
            ? $"of type '{type.ForMessage()}' and may be null: make it '{value.ForMessage()}'"
            : $"of type '{type.ForMessage()}', not Guid, string, int, long or a typed stream id";
    }
}
