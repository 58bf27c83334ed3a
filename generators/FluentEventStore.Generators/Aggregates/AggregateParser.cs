using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Makes the model of a type marked as an aggregate.</summary>
internal static class AggregateParser
{
    public static Parsed<AggregateModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var name = ParseName(match, type, findings);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, findings);
        var identity = IdentityParser.Find(type, compilation);
        if (identity is null && TypeFaults.Find(type, compilation) is { } fault && !type.IsAbstract)
            findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);

        var parser = new ShapeParser(compilation, JsonForm.Document, findings, cancellationToken, mayHide: true);
        var shapes = identity is null ? default : parser.Parse(type);
        var fold = new FoldParser(type, type, compilation, findings, cancellationToken).Parse(IsFactory);
        var key = NaturalKeyParser.Parse(
            type, new MethodParser(type, type, compilation, findings, cancellationToken), compilation, findings);
        if (findings.Any)
            return new Parsed<AggregateModel>(null, findings.All, location);

        var snapshot = identity is null ? null : new SnapshotModel(identity.TypeName, parser.CodecOf(type));
        var model = new AggregateModel(
            name,
            type.Bare(),
            type.Mangle() + "Dispatch",
            part!,
            HasAggregateBase(type),
            fold,
            snapshot,
            parser.Hidden.Select(HiddenState.NameOf).ToEquatableArray(),
            key,
            shapes);
        return new Parsed<AggregateModel>(model, findings.All, location);
    }

    private static string ParseName(Mark match, INamedTypeSymbol type, Findings findings)
    {
        var name = match.Attributes[0].Text() ?? NameRules.Kebab(type.Name);
        if (NameRules.FaultOfDocumentName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "aggregate", type.ForMessage(), fault);

        if (type.Find(KnownTypes.DocumentAttribute) is { } document && (document.Text() ?? NameRules.Kebab(type.Name)) != name)
            findings.Add(Rules.TwoNames, type, type.ForMessage(), name, document.Text() ?? NameRules.Kebab(type.Name));

        return name;
    }

    /// <summary>
    /// Whether a method makes an aggregate, and is not for the dispatch: it takes no event, and its first parameter does not look like one
    /// that was not marked.
    /// </summary>
    public static bool IsFactory(IMethodSymbol method) =>
        method is { Name: MethodNames.Create, IsStatic: true }
        && !method.Parameters.Any(static parameter => IsOfEvents(parameter.Type))
        && (method.Parameters.IsEmpty || !IsUnmarked(method.Parameters[0].Type));

    private static bool IsOfEvents(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] } => IsOfEvents(value),
        _ =>
            type.Has(KnownTypes.EventAttribute)
                || type.MetadataName() is KnownTypes.Event or KnownTypes.EventOfData or KnownTypes.EventMetadata,
    };

    private static bool IsUnmarked(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface
        && !type.IsOfSystem() && type.ContainingAssembly?.Name != KnownTypes.Library && !type.IsMarked();

    private static bool HasAggregateBase(INamedTypeSymbol type) =>
        type.BaseType is { } baseType && (baseType.Has(KnownTypes.AggregateAttribute) || HasAggregateBase(baseType));
}
