using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>Makes the model of a type marked as a typed stream id.</summary>
internal static class StreamIdParser
{
    public static Parsed<StreamIdModel> Parse(Mark match)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, findings);
        if (TypeFaults.Find(type, compilation) is { } fault)
            findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);

        var value = IdTypes.FindValue(type);
        if (value is null)
            findings.Add(Rules.InvalidStreamId, type, type.ForMessage());

        var model = findings.Any ? null : new StreamIdModel(
            type.Bare(),
            type.Mangle() + "Conversions",
            TypeNames.Escape(value!.Name),
            value.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64,
            Converts(type, KnownTypes.StreamId),
            Converts(type, KnownTypes.DocumentId),
            part!,
            type.Mangle() + "Loading",
            IsPublic(type));
        return new Parsed<StreamIdModel>(model, findings.All, location);
    }

    private static bool IsPublic(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && (type.ContainingType is null || IsPublic(type.ContainingType));

    private static bool Converts(INamedTypeSymbol type, string target) => type.GetMembers().OfType<IMethodSymbol>().Any(method =>
        method.MethodKind == MethodKind.Conversion
            && method.ReturnType.MetadataName() == target
            && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, type));
}
