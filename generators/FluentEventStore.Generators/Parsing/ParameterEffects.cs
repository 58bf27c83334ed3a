using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// Finds what a constructor does to a parameter before a property holds it. It would do the same to the stored value once more. Bodies of
/// constructors are not looked at.
/// </summary>
internal static class ParameterEffects
{
    /// <summary>Methods that leave their own result as it is.</summary>
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal)
    {
        "ToList", "ToArray", "ToHashSet", "ToImmutableArray", "ToImmutableList", "ToImmutableHashSet", "ToFrozenSet", "AsReadOnly",
        "ToDictionary", "ToImmutableDictionary", "ToFrozenDictionary",
        "Trim", "TrimStart", "TrimEnd", "ToUpperInvariant", "ToLowerInvariant", "ToUpper", "ToLower", "Normalize", "ToUniversalTime",
        "GetValueOrDefault", "ToString",
    };

    /// <summary>
    /// Whether a property may hold something else than its parameter got. If so, it is set once more where that is possible.
    /// </summary>
    public static bool MayChange(ISymbol member, IParameterSymbol parameter, Compilation compilation)
    {
        var isPrimary = parameter.ContainingSymbol.DeclaringSyntaxReferences.Any(
            static reference => reference.GetSyntax() is TypeDeclarationSyntax);
        return !isPrimary
            || Initializer(member) is { } initializer
                && !(initializer is IdentifierNameSyntax name
                    && string.Equals(name.Identifier.ValueText, parameter.Name, StringComparison.OrdinalIgnoreCase))
            || Changes(member, parameter, compilation);
    }

    /// <summary>Whether a property is seen to hold something else than its parameter got.</summary>
    public static bool Changes(ISymbol member, IParameterSymbol parameter, Compilation compilation) =>
        (Initializer(member) is { } initializer && IsOfPrimary(member) && !IsRepeatable(initializer, mayCall: false))
        || (Getter(member) is { } getter
            && !(IsRepeatable(getter, mayCall: true) && FieldsOf(getter, member).All(static value => IsRepeatable(value, mayCall: false))))
        || (!SymbolEqualityComparer.Default.Equals(member.ContainingType, parameter.ContainingType)
            && BaseArguments(parameter.ContainingType, member.ContainingType, compilation).Any(
                static argument => !IsRepeatable(argument, mayCall: false)));

    // Other constructors run after the initializer, and give the property its value.
    private static bool IsOfPrimary(ISymbol member) =>
        member.ContainingType.InstanceConstructors.Any(
            static constructor => constructor.DeclaringSyntaxReferences.Any(
                static reference => reference.GetSyntax() is TypeDeclarationSyntax));

    private static ExpressionSyntax? Initializer(ISymbol member) =>
        Declarations(member).Select(static declaration => declaration.Initializer?.Value).FirstOrDefault(static value => value is not null);

    private static ExpressionSyntax? Getter(ISymbol member) => Declarations(member)
        .Select(
            static declaration => declaration.ExpressionBody?.Expression
                ?? declaration.AccessorList?.Accessors
                    .Where(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration))
                    .Select(static accessor => accessor switch
                    {
                        { ExpressionBody.Expression: var expression } => expression,
                        { Body.Statements: [ReturnStatementSyntax { Expression: var expression }] } => expression,
                        _ => null,
                    })
                    .FirstOrDefault())
        .FirstOrDefault(static value => value is not null);

    private static IEnumerable<PropertyDeclarationSyntax> Declarations(ISymbol member) =>
        member.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()).OfType<PropertyDeclarationSyntax>();

    /// <summary>The initializers of the fields that a getter names.</summary>
    private static IEnumerable<ExpressionSyntax> FieldsOf(ExpressionSyntax getter, ISymbol member) =>
        getter.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .SelectMany(name => member.ContainingType.GetMembers(name.Identifier.ValueText).OfType<IFieldSymbol>())
        .Where(field => !field.IsStatic && IsOfPrimary(field))
        .SelectMany(static field => field.DeclaringSyntaxReferences)
        .Select(static reference => (reference.GetSyntax() as VariableDeclaratorSyntax)?.Initializer?.Value)
        .OfType<ExpressionSyntax>();

    /// <summary>The arguments that a type, and those between it and one of its base types, give to base constructors.</summary>
    private static IEnumerable<ExpressionSyntax> BaseArguments(INamedTypeSymbol type, INamedTypeSymbol last, Compilation compilation)
    {
        for (var current = type; current is not null && !SymbolEqualityComparer.Default.Equals(current, last); current = current.BaseType)
        {
            foreach (var declaration in current.InstanceConstructors.SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
                .Where(reference => compilation.ContainsSyntaxTree(reference.SyntaxTree))
                .Select(static reference => reference.GetSyntax()))
            {
                var arguments = declaration switch
                {
                    TypeDeclarationSyntax { BaseList.Types: [PrimaryConstructorBaseTypeSyntax { ArgumentList: var list }, ..] } => list,
                    ConstructorDeclarationSyntax
                    {
                        Initializer: { RawKind: (int)SyntaxKind.BaseConstructorInitializer, ArgumentList: var list },
                    } => list,
                    _ => null,
                };
                foreach (var argument in (arguments?.Arguments ?? default).Where(
                    static argument => argument.DescendantTokens().Any(static token => token.IsKind(SyntaxKind.IdentifierToken))))
                    yield return argument.Expression;
            }
        }
    }

    private static bool IsRepeatable(ExpressionSyntax expression, bool mayCall) => expression switch
    {
        ParenthesizedExpressionSyntax inner => IsRepeatable(inner.Expression, mayCall),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } forgiven =>
            IsRepeatable(forgiven.Operand, mayCall),
        CastExpressionSyntax cast => IsRepeatable(cast.Expression, mayCall),
        ConditionalAccessExpressionSyntax
            or IdentifierNameSyntax
            or MemberAccessExpressionSyntax
            or LiteralExpressionSyntax
            or DefaultExpressionSyntax
            or ThrowExpressionSyntax => true,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } fallback => IsRepeatable(fallback.Left, mayCall),
        ConditionalExpressionSyntax { Condition: var condition } fallback when IsTestOfNull(condition) =>
            new[] { fallback.WhenTrue, fallback.WhenFalse }.All(branch => IsConstant(branch) || IsRepeatable(branch, mayCall)),
        ConditionalExpressionSyntax choice => IsValueOrThrow(choice.WhenTrue, mayCall) && IsValueOrThrow(choice.WhenFalse, mayCall),
        CollectionExpressionSyntax { Elements: [] } => true,
        CollectionExpressionSyntax { Elements: [SpreadElementSyntax spread] } => IsRepeatable(spread.Expression, mayCall),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call, ArgumentList.Arguments.Count: 0 } when Repeatable
            .Contains(call.Name.Identifier.ValueText) => IsRepeatable(call.Expression, mayCall),
        BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } } => true,
        BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList.Arguments: [var copied] } =>
            IsRepeatable(copied.Expression, mayCall),
        InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ElementAccessExpressionSyntax => mayCall,
        _ => false,
    };

    // What stands for null is not null itself, and is kept from then on.
    private static bool IsTestOfNull(ExpressionSyntax condition) => condition switch
    {
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression }
            or UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } } =>
            true,
        BinaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression,
            Right.RawKind: (int)SyntaxKind.NullLiteralExpression,
        } => true,
        _ => false,
    };

    private static bool IsConstant(ExpressionSyntax branch) =>
        !branch.DescendantTokens().Any(static token => token.IsKind(SyntaxKind.IdentifierToken));

    private static bool IsValueOrThrow(ExpressionSyntax branch, bool mayCall) =>
        branch is not LiteralExpressionSyntax && IsRepeatable(branch, mayCall);
}
