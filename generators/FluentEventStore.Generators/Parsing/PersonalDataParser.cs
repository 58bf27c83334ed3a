using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models which properties are personal data, and whose.</summary>
internal static class PersonalDataParser
{
    private const string Subject = "Subject";
    private const string Replacement = "Replacement";

    /// <summary>What is wrong with a mark on what is not stored.</summary>
    public const string NotStored = "it is not stored";

    /// <summary>The personal data that a property is; <see langword="null"/> if it is none, or if it cannot be.</summary>
    public static PersonalDataModel? Parse(
        PropertyModel property,
        INamedTypeSymbol type,
        List<PropertyModel> properties,
        JsonForm form,
        Compilation compilation,
        Findings findings)
    {
        if (IdentifyingProperty.FindMark(property.Symbol, type, KnownTypes.PersonalDataAttribute) is not { } attribute)
        {
            if (form == JsonForm.Event && PersonalDataFlow.Find(property.Symbol, type, compilation) is { } shown)
                findings.Add(
                    Rules.InvalidPersonalData,
                    property.Symbol,
                    property.Symbol.ForMessage(),
                    $"it is: it names '{shown.ForMessage()}', which is personal data, and would show it in plain text; ignore it with "
                        + "[JsonIgnore], or mark it with [PersonalData] too");

            return null;
        }

        var replacement = attribute.Named<string?>(Replacement, null);
        var name = attribute.Named(Subject, "");
        var subject = properties.FirstOrDefault(
            candidate => candidate.Symbol.Name == name && candidate.Symbol.DeclaredAccessibility == Accessibility.Public);
        var text = subject is null ? null : IdentifyingProperty.TextOf(subject.Symbol);
        var fault = subject switch
        {
            _ when form == JsonForm.Document =>
                "only events can hold personal data, not documents, messages or aggregates that are kept as one",
            null when string.IsNullOrEmpty(name) =>
                $"it does not say whose data it is: name the property of the subject, as in [PersonalData({Subject} = nameof(CustomerId))]",
            null => $"'{type.ForMessage()}' has no public property '{name}' that could be its subject",
            { IsIgnored: true } when subject.Symbol.IsKept() =>
                $"its subject '{name}' is not stored, so nothing would say whose data it is when it is read",
            _ when subject == property => "it cannot be its own subject",
            _ when IdentifyingProperty.FindMark(subject.Symbol, type, KnownTypes.PersonalDataAttribute) is not null =>
                $"its subject '{name}' is personal data itself",
            _ when text is null => $"its subject '{name}' is {IdentifyingProperty.FaultOf(subject.Type)}",
            _ when property is
            {
                Omission: Omission.WhenDefault,
                Type: { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T },
            } =>
                "it is left out when it has the default of its type, and its absence would show that",
            _ when replacement is not null && property.Type.SpecialType != SpecialType.System_String =>
                "only a text can have a replacement",
            _ when property.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } && !property.Type.IsOptional() =>
                $"a '{property.Type.ForMessage()}' has no value for a forgotten subject; let it be null",
            _ => null,
        };
        if (fault is null)
            return new PersonalDataModel(text!, ReplacementOf(property.Type, replacement));

        Report(property.Symbol, fault, findings);
        return null;
    }

    /// <summary>
    /// Reports marked members of the type or its base types that are not among the properties: their marks would be forgotten.
    /// </summary>
    public static void ReportOthers(INamedTypeSymbol type, List<PropertyModel> properties, Findings findings)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers().Where(
                static member => member is IFieldSymbol or IPropertySymbol && member.Has(KnownTypes.PersonalDataAttribute)))
            {
                if (!properties.Any(property => property.Symbol.Name == member.Name && IsMarked(property.Symbol, type)))
                    Report(
                        member,
                        member is IFieldSymbol { AssociatedSymbol: not null }
                            ? "it is the field behind a property; mark the property"
                            : NotStored,
                        findings);
            }
        }
    }

    /// <summary>Reports a mark that cannot be followed.</summary>
    public static void Report(ISymbol member, string fault, Findings findings) =>
        findings.Add(Rules.InvalidPersonalData, member, member.ForMessage(), "personal data: " + fault);

    /// <summary>Whether a property or field is marked as personal data.</summary>
    public static bool IsMarked(ISymbol member, INamedTypeSymbol type) =>
        IdentifyingProperty.FindMark(member, type, KnownTypes.PersonalDataAttribute) is not null;

    private static string ReplacementOf(ITypeSymbol type, string? replacement) => type switch
    {
        _ when replacement is not null => Literals.Text(replacement),
        { SpecialType: SpecialType.System_String } when !type.IsOptional() => "\"\"",
        _ => "default",
    };
}
