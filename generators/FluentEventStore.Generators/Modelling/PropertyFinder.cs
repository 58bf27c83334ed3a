using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>A property that is stored, or that would be if it were not ignored.</summary>
internal sealed record PropertyModel(IPropertySymbol Symbol, string JsonName, bool IsIgnored, Omission Omission);

/// <summary>Finds the properties of a type and its base types that are public, or marked with [JsonInclude]: the type's own first, each name once.</summary>
internal static class PropertyFinder
{
    private const int IgnoreNever = 0;
    private const int IgnoreAlways = 1;

    public static List<PropertyModel> Find(INamedTypeSymbol type, Findings findings)
    {
        var found = new List<PropertyModel>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member.IsImplicitlyDeclared || IsHidden(member))
                    continue;

                if (member is IPropertySymbol { IsIndexer: false } property && names.Add(property.Name))
                    Add(found, property, findings);
                else if (member is IFieldSymbol field && !field.Has(Attributes.JsonIgnore))
                    findings.Add(Rules.PublicField, field, field.ForMessage());
            }
        }

        return found;
    }

    private static bool HasInheritedGetter(IPropertySymbol property) =>
        property.OverriddenProperty is { } overridden && (overridden.GetMethod is not null || HasInheritedGetter(overridden));

    /// <summary>The getter of a property, which may be declared by the property that it overrides.</summary>
    public static IMethodSymbol Getter(IPropertySymbol property)
    {
        var current = property;
        while (current.GetMethod is null)
        {
            current = current.OverriddenProperty!;
        }

        return current.GetMethod;
    }

    /// <summary>The setter of a property, which may be declared by the property that it overrides.</summary>
    public static IMethodSymbol? Setter(IPropertySymbol property)
    {
        for (var current = property; current is not null; current = current.OverriddenProperty)
        {
            if (current.SetMethod is { } setter)
                return setter;
        }

        return null;
    }

    /// <summary>Whether the compiler keeps the value of the property in a field of its own.</summary>
    public static bool IsAutomatic(IPropertySymbol property)
    {
        var definition = property.OriginalDefinition;
        return definition.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, definition))
            || (definition.GetMethod?.Has(Attributes.CompilerGenerated) ?? false);
    }

    private static void Add(List<PropertyModel> found, IPropertySymbol property, Findings findings)
    {
        var ignore = property.Find(Attributes.JsonIgnore);
        var condition = ignore?.Named("Condition", IgnoreAlways) ?? IgnoreNever;
        if (FaultOf(condition, property) is { } fault)
        {
            findings.Add(Rules.UnsupportedAttribute, property, "[JsonIgnore]", property.ForMessage(), fault);
            return;
        }

        if (condition != IgnoreAlways && property.FirstUnsupported() is { } attribute)
        {
            findings.Add(Rules.UnsupportedAttribute, property, $"[{attribute}]", property.ForMessage(), "the generated JSON would not follow it");
            return;
        }

        if (condition != IgnoreAlways && property.IsForbidden())
        {
            findings.Add(Rules.UnsupportedMember, property, property.ForMessage(), property.Type.ForMessage(), Attributes.Forbidden);
            return;
        }

        var jsonName = property.Find(Attributes.JsonPropertyName)?.Text() ?? NameRules.Camel(property.Name);
        if (NameRules.FaultOfJsonName(jsonName) is { } unstorable)
        {
            findings.Add(Rules.UnsupportedAttribute, property, "[JsonPropertyName]", property.ForMessage(), unstorable);
            return;
        }

        if (property.GetMethod is { DeclaredAccessibility: Accessibility.Public } || HasInheritedGetter(property)
            || (property.GetMethod is not null && property.Has(Attributes.JsonInclude)))
            found.Add(new PropertyModel(property, jsonName, condition == IgnoreAlways, condition == IgnoreAlways ? Omission.Never : (Omission)condition));
        else if (condition != IgnoreAlways)
            findings.Add(Rules.UnsupportedMember, property, property.ForMessage(), property.Type.ForMessage(), "it has no public getter");
    }

    private static string? FaultOf(int condition, IPropertySymbol property) => condition switch
    {
        IgnoreNever or IgnoreAlways => null,
        (int)Omission.WhenDefault or (int)Omission.WhenNull when property.Has(Attributes.JsonRequired) => "JSON without the property is refused",
        (int)Omission.WhenDefault => null,
        (int)Omission.WhenNull => property.Type is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } ? "the value is never null" : null,
        _ => "only the conditions Always, WhenWritingNull and WhenWritingDefault are",
    };

    // Both are stored where they are marked to be.
    private static bool IsHidden(ISymbol member) =>
        member.IsStatic || (member.DeclaredAccessibility != Accessibility.Public && !member.Has(Attributes.JsonInclude));
}
