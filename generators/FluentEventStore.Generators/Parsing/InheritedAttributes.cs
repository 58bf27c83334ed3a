using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// Attributes on a property of an interface, or on an overridden one, that the property of the type itself lacks. System.Text.Json does not
/// follow them, and neither does the generator.
/// </summary>
internal static class InheritedAttributes
{
    private const string OfJson = "System.Text.Json.Serialization.";

    /// <summary>Reports what the author of an attribute may take to hold for the type.</summary>
    public static void Report(
        INamedTypeSymbol type, IReadOnlyCollection<PropertyModel> properties, Compilation compilation, Findings findings)
    {
        ISymbol[] stored = [.. properties.Where(static property => !property.IsIgnored).Select(static property => property.Symbol)];
        foreach (var asked in type.AllInterfaces.SelectMany(static implemented => implemented.GetMembers()).OfType<IPropertySymbol>())
        {
            if (asked.GetAttributes().IsEmpty || type.FindImplementationForInterfaceMember(asked) is not { } member)
                continue;

            if (stored.Contains(member, SymbolEqualityComparer.Default))
                Report(member, asked, type, findings);
            else if (asked.Has(KnownTypes.PersonalDataAttribute)
                && !PropertyFinder.IsIgnored(member)
                && PersonalDataFlow.Find(member, type, compilation) is null)
                PersonalDataParser.Report(member, PersonalDataParser.NotStored, findings);
        }

        foreach (var property in stored.OfType<IPropertySymbol>())
        {
            for (var overridden = property.OverriddenProperty; overridden is not null; overridden = overridden.OverriddenProperty)
                Report(property, overridden, type, findings);
        }
    }

    private static void Report(ISymbol member, IPropertySymbol declared, INamedTypeSymbol type, Findings findings)
    {
        foreach (var attribute in declared.GetAttributes().Select(static attribute => attribute.AttributeClass).OfType<INamedTypeSymbol>())
        {
            var name = attribute.MetadataName();
            var wayOut = $"it is on '{declared.ForMessage()}', where it has no effect; mark '{member.ForMessage()}' itself";
            if (name is KnownTypes.PersonalDataAttribute && !PersonalDataParser.IsMarked(member, type))
                PersonalDataParser.Report(member, "the mark " + wayOut.Substring(3), findings);
            else if (name is KnownTypes.TagAttribute && IdentifyingProperty.FindMark(member, type, name) is null)
                findings.Add(Rules.InvalidTag, member, member.ForMessage(), "the mark " + wayOut.Substring(3));
            else if (name.StartsWith(OfJson, StringComparison.Ordinal) && !member.Has(name))
                findings.Add(
                    Rules.UnsupportedAttribute, member, $"[{attribute.Name.Replace("Attribute", "")}]", member.ForMessage(), wayOut);
        }
    }
}
