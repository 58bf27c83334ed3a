using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Usage;

/// <summary>Gives advice on the declarations of events.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EventAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.MutableEvent, Rules.ReferenceEquality, Rules.DateTimeInEvent, Rules.ImplicitName];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterSymbolAction(symbol => Analyze(symbol, types), SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context, StoreTypes types)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (types.EventAttribute(type) is not { } attribute)
            return;

        if (attribute.Text() is null && attribute.ApplicationSyntaxReference is { } reference)
            Report(
                context,
                Rules.ImplicitName,
                Location.Create(reference.SyntaxTree, reference.Span),
                type.ForMessage(),
                NameRules.Kebab(type.Name));

        var comparesItself = !type.IsRecord
            || type.GetMembers(nameof(Equals)).OfType<IMethodSymbol>().Any(method => IsOwnEquals(method, type));
        foreach (var member in type.GetMembers())
        {
            if (member is not ({ IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Public }
                and (IFieldSymbol or IPropertySymbol { IsIndexer: false }))
                || !member.IsKept())
                continue;

            if (IsMutable(member))
                Report(
                    context,
                    Rules.MutableEvent,
                    member.Setter()!.Locations[0],
                    member.ForMessage(),
                    member is IFieldSymbol ? "make it a property with init" : "declare it with init instead of set");

            var valueType = member.TypeOfValue();
            if (!comparesItself && IsComparedByReference(valueType) && !member.Has(Attributes.JsonExtensionData))
                Report(context, Rules.ReferenceEquality, member.Locations[0], member.ForMessage(), valueType.ForMessage());

            if (IsDateTime(valueType) && !member.Has(Attributes.JsonIgnore) && !member.Has(Attributes.JsonConverter))
                Report(context, Rules.DateTimeInEvent, TypeLocation(member, context.CancellationToken), member.ForMessage());
        }
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, Location location, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, location, arguments));

    private static bool IsOwnEquals(IMethodSymbol method, INamedTypeSymbol type) =>
        !method.IsImplicitlyDeclared && method.Parameters is [var other] && SymbolEqualityComparer.Default.Equals(other.Type, type);

    // A struct is copied when it is appended, and a setter that an interface or a base type asks for is not the event's choice.
    private static bool IsMutable(ISymbol member) =>
        member is { IsOverride: false, ContainingType.IsReferenceType: true }
        && member.Setter() is { DeclaredAccessibility: Accessibility.Public } and not IMethodSymbol { IsInitOnly: true }
        && !member.ContainingType.AllInterfaces
            .SelectMany(type => type.GetMembers(member.Name))
            .Any(static declared => declared is IPropertySymbol { SetMethod: not null });

    /// <summary>Collections of .NET are compared by reference, and classes of others that do not override Equals.</summary>
    private static bool IsComparedByReference(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol)
            return true;

        if (type.SpecialType == SpecialType.System_String
            || !type.AllInterfaces.Append(type).Any(
                static candidate => candidate.SpecialType == SpecialType.System_Collections_IEnumerable))
            return false;

        return IsOfNet(type) || (type.TypeKind is TypeKind.Class or TypeKind.Struct && !OverridesEquals(type));
    }

    private static bool IsOfNet(ITypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
            space = space.ContainingNamespace;

        return space is { Name: "System" };
    }

    private static bool OverridesEquals(ITypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            if (current.IsRecord || current.GetMembers(nameof(Equals)).Any(static member => member.IsOverride))
                return true;
        }

        return false;
    }

    private static bool IsDateTime(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_DateTime
        || type is INamedTypeSymbol
        {
            OriginalDefinition.SpecialType: SpecialType.System_Nullable_T,
            TypeArguments: [{ SpecialType: SpecialType.System_DateTime }],
        };

    private static Location TypeLocation(ISymbol member, CancellationToken cancellationToken) =>
        member.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) switch
        {
            PropertyDeclarationSyntax declaration => declaration.Type.GetLocation(),
            ParameterSyntax { Type: { } type } => type.GetLocation(),
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } => declaration.Type.GetLocation(),
            _ => member.Locations[0],
        };
}
