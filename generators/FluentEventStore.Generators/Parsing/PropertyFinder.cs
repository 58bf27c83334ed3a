using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Parsing;

/// <summary>A property, or a field marked with [JsonInclude], that is stored, or that would be if it were not ignored.</summary>
internal sealed record PropertyModel(ISymbol Symbol, string JsonName, bool IsIgnored, Omission Omission)
{
    public ITypeSymbol Type => Symbol.TypeOfValue();
}

/// <summary>
/// Finds the properties of a type and its base types that are public, and what is marked with [JsonInclude]: the type's own first, each
/// name once.
/// </summary>
internal static class PropertyFinder
{
    private const int IgnoreNever = 0;
    private const int IgnoreAlways = 1;

    public static List<PropertyModel> Find(INamedTypeSymbol type, Compilation compilation, Findings findings)
    {
        var found = new List<PropertyModel>();
        var taken = new Dictionary<string, ISymbol>(StringComparer.Ordinal);

        // Generated code that names a member of a base type reaches what hides it, stored or not.
        var reached = new Dictionary<string, ISymbol>(StringComparer.Ordinal);
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                // F# keeps the value of a mutable property in a public field, whose name C# could not write. A property that somebody is
                // about to name has none.
                if (member.IsImplicitlyDeclared
                    || member.Name.Length == 0
                    || (member is IFieldSymbol && !SyntaxFacts.IsValidIdentifier(member.Name)))
                    continue;

                if (member is not (IFieldSymbol or IPropertySymbol { IsIndexer: false }) || IsHidden(member))
                {
                    if (!member.IsOverride && compilation.IsSymbolAccessibleWithin(member, compilation.Assembly))
                        reached[member.Name] = member;

                    if (member is (IFieldSymbol or IPropertySymbol) and { IsStatic: false } && member.IsRequired())
                        found.Add(new PropertyModel(member, "", IsIgnored: true, Omission.Never));
                }
                else if (member is IFieldSymbol && !member.Has(Attributes.JsonInclude) && !IsIgnored(member))
                {
                    findings.Add(Rules.NotStored, member, member.ForMessage(), "field");
                }
                else if (taken.TryGetValue(member.Name, out var other))
                {
                    // Two values have the name, unless one member overrides the other, or shows it.
                    if (!IsIgnored(member)
                        && !other.Overrides(member)
                        && (member.DeclaredAccessibility == Accessibility.Private
                            || (member.IsKept() && other.IsKept() && !IsIgnored(other))))
                        Report(member, $"'{other.ForMessage()}' has the same name", findings);
                }
                else
                {
                    taken.Add(member.Name, member);
                    if (reached.TryGetValue(member.Name, out var hiding)
                        && !IsIgnored(member)
                        && compilation.IsSymbolAccessibleWithin(member, compilation.Assembly))
                        Report(member, $"'{hiding.ForMessage()}' hides it", findings);
                    else
                        Add(found, member, findings);
                }
            }
        }

        return found;
    }

    /// <summary>Whether a property or field is marked as never stored.</summary>
    public static bool IsIgnored(ISymbol member) => ConditionOf(member) == IgnoreAlways;

    private static int ConditionOf(ISymbol member) => member.Find(Attributes.JsonIgnore)?.Named("Condition", IgnoreAlways) ?? IgnoreNever;

    private static void Add(List<PropertyModel> found, ISymbol member, Findings findings)
    {
        var condition = ConditionOf(member);
        if (FaultOf(condition, member) is { } fault)
        {
            findings.Add(Rules.UnsupportedAttribute, member, "[JsonIgnore]", member.ForMessage(), fault);
            return;
        }

        if (condition != IgnoreAlways && member.FirstUnsupported() is { } attribute)
        {
            findings.Add(
                Rules.UnsupportedAttribute, member, $"[{attribute}]", member.ForMessage(), "the generated JSON would not follow it");
            return;
        }

        if (condition != IgnoreAlways && (member.IsForbidden() ? Attributes.Forbidden : FaultOf(member)) is { } unreachable)
        {
            Report(member, unreachable, findings);
            return;
        }

        var jsonName = member.Find(Attributes.JsonPropertyName)?.Text() ?? NameRules.Camel(member.Name);
        if (NameRules.FaultOfJsonName(jsonName) is { } unstorable)
        {
            findings.Add(Rules.UnsupportedAttribute, member, "[JsonPropertyName]", member.ForMessage(), unstorable);
            return;
        }

        if (member.Getter() is { } getter && (getter.DeclaredAccessibility == Accessibility.Public || member.Has(Attributes.JsonInclude)))
            found.Add(
                new PropertyModel(
                    member, jsonName, condition == IgnoreAlways, condition == IgnoreAlways ? Omission.Never : (Omission)condition));
        else if (condition != IgnoreAlways)
            Report(member, "it has no public getter", findings);
    }

    private static void Report(ISymbol member, string fault, Findings findings) =>
        findings.Add(Rules.UnsupportedMember, member, member.ForMessage(), member.TypeOfValue().ForMessage(), fault);

    private static string? FaultOf(int condition, ISymbol member) => condition switch
    {
        IgnoreNever or IgnoreAlways => null,
        (int)Omission.WhenDefault or (int)Omission.WhenNull when member.Has(Attributes.JsonRequired) =>
            "JSON without the property is refused",
        (int)Omission.WhenDefault => null,
        (int)Omission.WhenNull =>
            member.TypeOfValue() is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T }
                ? "the value is never null"
                : null,
        _ => "only the conditions Always, WhenWritingNull and WhenWritingDefault are",
    };

    private static string? FaultOf(ISymbol member) => member switch
    {
        IPropertySymbol { ReturnsByRef: true } or IPropertySymbol { ReturnsByRefReadonly: true } =>
            "it returns by reference, so it would be written but never read back; ignore it with [JsonIgnore], and store what it "
                + "refers to",
        IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false } =>
            "it implements an interface explicitly, so generated code cannot name it; store a property of its own",
        _ when member.Getter()?.IsForbidden() == true =>
            "its getter is obsolete as an error, so generated code cannot call it; make it a warning",
        _ when member.IsRequired() && member.Setter()?.IsForbidden() == true =>
            "it is required, and its setter is obsolete as an error, so generated code cannot call it; make it a warning",
        _ => null,
    };

    // Both are stored where they are marked to be.
    private static bool IsHidden(ISymbol member) =>
        member.IsStatic || (member.DeclaredAccessibility != Accessibility.Public && !member.Has(Attributes.JsonInclude));
}
