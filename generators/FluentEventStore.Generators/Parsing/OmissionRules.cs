using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// A value that is left out of the JSON must be the one that is read back. What a constructor makes of it is not looked at, since the value
/// is set afterwards.
/// </summary>
internal static class OmissionRules
{
    /// <summary>Values of .NET that are the defaults of their types, but no constants.</summary>
    private static readonly HashSet<string> Defaults = new(StringComparer.Ordinal)
    {
        "Guid.Empty",
        "TimeSpan.Zero",
        "DateTime.MinValue",
        "DateTimeOffset.MinValue",
        "DateOnly.MinValue",
        "TimeOnly.MinValue"
    };

    /// <summary>Why a value that is left out would come back as another one; <see langword="null"/> if it would not.</summary>
    public static string? Fault(ISymbol member, ITypeSymbol type, IParameterSymbol? parameter, Compilation compilation)
    {
        if (parameter is not null && !SymbolEqualityComparer.Default.Equals(parameter.Type, type))
            return $"it would be left out, and read as what '{parameter.Type.ForMessage()}' of the constructor makes of a missing value";

        if (parameter is { HasExplicitDefaultValue: true } && !Literals.IsDefault(parameter.ExplicitDefaultValue, type))
            return Describe(Literals.DefaultOf(parameter));

        return InitializerOf(member) is { } initializer
            && !(parameter is not null && initializer is IdentifierNameSyntax name && name.Identifier.ValueText == parameter.Name)
            && !IsDefault(initializer, type, compilation)
            ? Describe(initializer.ToString())
            : null;
    }

    private static string Describe(string value) => $"it would be left out when it has the default of its type, but read as {value}";

    private static ExpressionSyntax? InitializerOf(ISymbol member) =>
        member.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()).Select(static syntax => syntax switch
    {
        PropertyDeclarationSyntax property => property.Initializer?.Value,
        VariableDeclaratorSyntax field => field.Initializer?.Value,
        _ => null,
    }).FirstOrDefault(static initializer => initializer is not null);

    private static bool IsDefault(ExpressionSyntax expression, ITypeSymbol type, Compilation compilation) => expression switch
    {
        ParenthesizedExpressionSyntax inner => IsDefault(inner.Expression, type, compilation),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } forgiven =>
            IsDefault(forgiven.Operand, type, compilation),

        // Most initializers are one of these, and need not be looked at by the compiler.
        CollectionExpressionSyntax
            or BaseObjectCreationExpressionSyntax
            or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } => false,
        DefaultExpressionSyntax
            or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression or (int)SyntaxKind.NullLiteralExpression } =>
            true,
        MemberAccessExpressionSyntax access when Defaults.Contains(access.ToString()) => true,
        _ =>
            compilation.GetSemanticModel(expression.SyntaxTree).GetConstantValue(expression) is { HasValue: true, Value: var value }
                && Literals.IsDefault(value, type),
    };
}
