using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Which property of a type may hold the JSON properties that the type does not know.</summary>
internal static class RestRules
{
    /// <summary>The value of such a property if there are no unknown properties and it may not be null.</summary>
    public const string None = "new global::System.Collections.Generic.Dictionary<string, global::System.Text.Json.JsonElement>()";

    /// <summary>Why a property cannot hold unknown properties; <see langword="null"/> if it can.</summary>
    public static string? Fault(
        ISymbol member, ITypeSymbol type, IParameterSymbol? parameter, Assignment assignment, bool isPersonal) =>
        isPersonal ? "the property is personal data, which would be in the JSON as it is"
        : assignment == Assignment.Computed ? "the property has no setter"
        : ParameterMatch.IsOfOtherType(parameter, type) ? "the constructor takes it as another type"
        : member.Has(Attributes.JsonRequired) ? "JSON without the property is refused"
        : member.TypeOfValue() is INamedTypeSymbol { TypeArguments: [{ SpecialType: SpecialType.System_String }, var value] } holder
            && holder.MetadataName() is "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.IDictionary`2"
            && value.MetadataName() == "System.Text.Json.JsonElement" ? null
        : "the property is not a Dictionary<string, JsonElement> or IDictionary<string, JsonElement>";

    /// <summary>Reports a second property that is to hold them.</summary>
    public static void ReportOthers(
        IReadOnlyList<MemberModel> members, IReadOnlyList<PropertyModel> properties, Findings findings)
    {
        if (members.Where(static member => member.HoldsRest).Skip(1).FirstOrDefault() is not { } second)
            return;

        var symbol = properties.First(property => TypeNames.Escape(property.Symbol.Name) == second.Name).Symbol;
        findings.Add(Rules.UnsupportedAttribute, symbol, "[JsonExtensionData]", symbol.ForMessage(), "another property of the type has it");
    }
}
