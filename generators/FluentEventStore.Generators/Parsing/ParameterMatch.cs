using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>A parameter of a constructor, and the property whose value it takes.</summary>
internal sealed record ParameterMatch(IParameterSymbol Parameter, PropertyModel Property)
{
    /// <summary>
    /// The matches of a constructor's parameters, in their order; <see langword="null"/> and a finding if one of them has none.
    /// </summary>
    public static IReadOnlyList<ParameterMatch>? Find(
        IMethodSymbol? constructor,
        IReadOnlyList<PropertyModel> properties,
        INamedTypeSymbol type,
        Compilation compilation,
        Findings findings)
    {
        var matches = new List<ParameterMatch>();
        foreach (var parameter in constructor?.Parameters ?? [])
        {
            var property = properties.FirstOrDefault(property => property.Symbol.Name == parameter.Name)
                ?? properties.FirstOrDefault(
                    property => string.Equals(property.Symbol.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            var fault = property switch
            {
                _ when parameter.RefKind is not (RefKind.None or RefKind.In) =>
                    $"the constructor's parameter '{parameter.Name}' is passed by reference",
                null => $"the constructor's parameter '{parameter.Name}' does not have the name of a public property",
                _ when !compilation.HasImplicitConversion(property.Type, parameter.Type) =>
                    $"the constructor's parameter '{parameter.Name}' has another type than the property '{property.Symbol.Name}'",
                { IsIgnored: true } when !parameter.HasExplicitDefaultValue && !parameter.Type.MayBeNull() =>
                    $"the constructor's parameter '{parameter.Name}' has no default, but its property is ignored",
                _ => null,
            };
            if (fault is not null)
            {
                findings.Add(Rules.UnmatchedParameter, parameter, type.ForMessage(), fault);
                return null;
            }

            matches.Add(new ParameterMatch(parameter, property!));
        }

        return matches;
    }

    /// <summary>
    /// Whether the constructor takes a property as another type than its own. If so, the parameter says what a missing value is.
    /// </summary>
    public static bool IsOfOtherType(IParameterSymbol? parameter, ITypeSymbol property) =>
        parameter is not null && !SymbolEqualityComparer.Default.Equals(parameter.Type, property);

    /// <summary>What generated code passes for the parameter.</summary>
    public ArgumentModel ToArgument() =>
        Property.IsIgnored ? new ArgumentModel(null, Literals.DefaultOf(Parameter), false)
        : TypeFaults.IsUnfinished(Property.Type) ? new ArgumentModel(null, "default!", false)
        : new ArgumentModel(
            TypeNames.Escape(Property.Symbol.Name), null, Property.Type.IsOptional() && !Parameter.Type.IsOptional());
}
