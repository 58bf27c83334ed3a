using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models unsafe accessors to getters, setters and fields that C# does not let others call.</summary>
internal static class AccessorParser
{
    public static AccessorModel Parse(ISymbol member, Compilation compilation)
    {
        var definition = member.OriginalDefinition;
        var declaring = definition.ContainingType;
        var value = (definition is IMethodSymbol method
            ? method.Parameters.FirstOrDefault()?.Type ?? method.ReturnType
            : definition.TypeOfValue())
            .Explicit(compilation);
        var parameters = AllParameters(declaring).ToArray();
        return new AccessorModel(
            member.Name,
            member is IFieldSymbol,
            declaring.Bare(),
            value.Full(),
            List(parameters.Select(static parameter => TypeNames.Escape(parameter.Name))),
            string.Concat(parameters.Select(static parameter => Constraints(parameter))),
            List(member.ContainingType.AllArguments().Select(argument => argument.Explicit(compilation).Full())));
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? $"<{list}>" : "";

    private static IEnumerable<ITypeParameterSymbol> AllParameters(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? AllParameters(outer).Concat(type.TypeParameters) : type.TypeParameters;

    // The runtime finds the member only if the constraints are the same too.
    private static string Constraints(ITypeParameterSymbol parameter)
    {
        var constraints = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint)
            constraints.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint)
            constraints.Add("struct");
        else if (parameter.HasReferenceTypeConstraint)
            constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.NotAnnotated ? "class" : "class?");
        else if (parameter.HasNotNullConstraint)
            constraints.Add("notnull");

        constraints.AddRange(parameter.ConstraintTypes.Select(static type => type.Full()));
        if (parameter.HasConstructorConstraint)
            constraints.Add("new()");

        return constraints.Count == 0 ? "" : $" where {TypeNames.Escape(parameter.Name)} : {string.Join(", ", constraints)}";
    }
}
