using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>Models which properties are personal data, and whose.</summary>
internal static class PersonalDataParser
{
    private const string Subject = "Subject";
    private const string Replacement = "Replacement";

    /// <summary>The personal data that a property is; <see langword="null"/> where it is none, or where it cannot be.</summary>
    public static PersonalDataModel? Parse(IPropertySymbol property, INamedTypeSymbol type, List<PropertyModel> properties, JsonForm form, Findings findings)
    {
        if (Find(property, type) is not { } attribute)
            return null;

        var replacement = attribute.Named<string?>(Replacement, null);
        var name = attribute.Named(Subject, "");
        var subject = properties.FirstOrDefault(candidate => candidate.Symbol.Name == name)?.Symbol;
        var text = subject is null ? null : TextOf(subject);
        var fault = subject switch
        {
            _ when form == JsonForm.Document => "only events hold personal data; a document or an aggregate that is kept as one does not",
            null => $"'{type.ForMessage()}' has no public property '{name}' that could be its subject",
            _ when SymbolEqualityComparer.Default.Equals(subject, property) => "it cannot be its own subject",
            _ when Find(subject, type) is not null => $"its subject '{name}' is personal data itself",
            _ when text is null => $"its subject '{name}' is of type '{subject.Type.ForMessage()}', not Guid, string, int, long or a typed stream id",
            _ when replacement is not null && property.Type.SpecialType != SpecialType.System_String => "only a text can have a replacement",
            _ when property.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } && !property.Type.IsOptional() =>
                $"nothing can stand for a '{property.Type.ForMessage()}' when its subject is forgotten; let it be null",
            _ => null,
        };
        if (fault is null)
            return new PersonalDataModel(text!, ReplacementOf(property.Type, replacement));

        findings.Add(Rules.InvalidPersonalData, property, property.ForMessage(), fault);
        return null;
    }

    /// <summary>Whether a property is marked as personal data.</summary>
    public static bool IsMarked(IPropertySymbol property, INamedTypeSymbol type) => Find(property, type) is not null;

    /// <summary>The attribute on the property itself, or on the parameter of a constructor that stands for it, as in a positional record.</summary>
    private static AttributeData? Find(IPropertySymbol property, INamedTypeSymbol type)
    {
        if (property.Find(KnownTypes.PersonalDataAttribute) is { } attribute)
            return attribute;

        var constructors = type.InstanceConstructors.Concat(property.ContainingType.InstanceConstructors);
        return constructors.SelectMany(static constructor => constructor.Parameters)
            .Where(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase))
            .Select(static parameter => parameter.Find(KnownTypes.PersonalDataAttribute))
            .FirstOrDefault(static found => found is not null);
    }

    private static string? TextOf(IPropertySymbol subject)
    {
        var name = TypeNames.Escape(subject.Name);
        return subject.Type switch
        {
            { SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } => name,
            { SpecialType: SpecialType.System_String, NullableAnnotation: not NullableAnnotation.Annotated } => name,
            _ when subject.Type.MetadataName() == "System.Guid" => name,
            INamedTypeSymbol named when named.Has(KnownTypes.StreamIdAttribute) && WrapperParser.FindValue(named) is { } value => $"{name}.{TypeNames.Escape(value.Name)}",
            _ => null,
        };
    }

    private static string ReplacementOf(ITypeSymbol type, string? replacement) => type switch
    {
        _ when replacement is not null => Literals.Text(replacement),
        { SpecialType: SpecialType.System_String } when !type.IsOptional() => "\"\"",
        _ => "default",
    };
}
