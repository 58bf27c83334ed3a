using System.Collections.Immutable;
using FluentEventStore.Generators.Modelling;
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
            Report(context, Rules.ImplicitName, Location.Create(reference.SyntaxTree, reference.Span), type.ForMessage(), NameRules.Kebab(type.Name));

        var comparesItself = !type.IsRecord || type.GetMembers(nameof(Equals)).OfType<IMethodSymbol>().Any(method => IsOwnEquals(method, type));
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property is not { IsStatic: false, IsIndexer: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Public } || !PropertyFinder.IsAutomatic(property))
                continue;

            if (IsMutable(property))
                Report(context, Rules.MutableEvent, property.SetMethod!.Locations[0], property.ForMessage());

            if (!comparesItself && IsComparedByReference(property.Type) && !property.Has(Attributes.JsonExtensionData))
                Report(context, Rules.ReferenceEquality, property.Locations[0], property.ForMessage(), property.Type.ForMessage());

            if (IsDateTime(property.Type) && !property.Has(Attributes.JsonIgnore) && !property.Has(Attributes.JsonConverter))
                Report(context, Rules.DateTimeInEvent, TypeLocation(property, context.CancellationToken), property.ForMessage());
        }
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, Location location, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, location, arguments));

    private static bool IsOwnEquals(IMethodSymbol method, INamedTypeSymbol type) =>
        !method.IsImplicitlyDeclared && method.Parameters is [var other] && SymbolEqualityComparer.Default.Equals(other.Type, type);

    // A struct is copied when it is appended, and a setter that an interface or a base type asks for is not the event's choice.
    private static bool IsMutable(IPropertySymbol property) =>
        property is { SetMethod: { IsInitOnly: false, DeclaredAccessibility: Accessibility.Public }, IsOverride: false, ContainingType.IsReferenceType: true }
        && !property.ContainingType.AllInterfaces
            .SelectMany(type => type.GetMembers(property.Name))
            .Any(member => member is IPropertySymbol { SetMethod: not null });

    /// <summary>Collections of .NET are compared by reference, and classes of others that do not override Equals.</summary>
    private static bool IsComparedByReference(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol)
            return true;

        if (type.SpecialType == SpecialType.System_String || !type.AllInterfaces.Append(type).Any(static candidate => candidate.SpecialType == SpecialType.System_Collections_IEnumerable))
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
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current = current.BaseType)
        {
            if (current.IsRecord || current.GetMembers(nameof(Equals)).Any(static member => member.IsOverride))
                return true;
        }

        return false;
    }

    private static bool IsDateTime(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_DateTime
        || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [{ SpecialType: SpecialType.System_DateTime }] };

    private static Location TypeLocation(IPropertySymbol property, CancellationToken cancellationToken) =>
        property.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) switch
        {
            PropertyDeclarationSyntax declaration => declaration.Type.GetLocation(),
            ParameterSyntax { Type: { } type } => type.GetLocation(),
            _ => property.Locations[0],
        };
}
