using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>From a type marked as an aggregate to its model.</summary>
internal static class AggregateParser
{
    public static Parsed<AggregateModel> Parse(GeneratorAttributeSyntaxContext match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var name = ParseName(match, type, findings);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, out var notPartial);
        if (notPartial is not null)
            findings.Add(Rules.NotPartial, type, type.ForMessage(), notPartial);

        var identity = IdentityParser.Find(type, compilation);
        if (identity is null && TypeFaults.Find(type, compilation) is { } fault && !type.IsAbstract)
            findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);

        var parser = new ShapeParser(compilation, JsonForm.Document, findings, cancellationToken);
        var shapes = identity is null ? default : parser.Parse(type);
        var cases = ParseCases(new MethodParser(type, compilation, findings).Parse());
        if (findings.Any)
            return new Parsed<AggregateModel>(null, findings.All, location);

        var snapshot = identity is null ? null : new SnapshotModel(identity.TypeName, parser.CodecName(type));
        var model = new AggregateModel(name, type.Bare(), type.Mangle() + "Dispatch", part!, CanBegin(type), cases, snapshot, shapes);
        return new Parsed<AggregateModel>(model, findings.All, location);
    }

    private static string ParseName(GeneratorAttributeSyntaxContext match, INamedTypeSymbol type, Findings findings)
    {
        var name = match.Attributes[0].Text() ?? NameRules.Kebab(type.Name);
        if (NameRules.FaultOfDocumentName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "aggregate", type.ForMessage(), fault);

        if (type.Find(KnownTypes.DocumentAttribute) is { } document && (document.Text() ?? NameRules.Kebab(type.Name)) != name)
            findings.Add(Rules.TwoNames, type, type.ForMessage(), name, document.Text() ?? NameRules.Kebab(type.Name));

        return name;
    }

    private static EquatableArray<CaseModel> ParseCases(List<EventMethod> methods)
    {
        var cases = new List<(int Depth, CaseModel Case)>();
        foreach (var group in methods.GroupBy(static method => method.EventType.Bare(), StringComparer.Ordinal))
        {
            CallModel? Call(string kind) => group.FirstOrDefault(method => method.Kind == kind)?.Call;
            cases.Add((Depth(group.First().EventType), new CaseModel(
                group.Key, Call(MethodParser.Create), Call(MethodParser.Apply), Call(MethodParser.ShouldDelete))));
        }

        return cases.OrderByDescending(static item => item.Depth)
            .ThenBy(static item => item.Case.EventTypeName, StringComparer.Ordinal)
            .Select(static item => item.Case)
            .ToEquatableArray();
    }

    private static int Depth(INamedTypeSymbol type) => type.BaseType is { } baseType ? Depth(baseType) + 1 : 0;

    /// <summary>Whether it has a constructor without parameters, from which an event that only Apply takes can begin.</summary>
    public static bool CanBegin(INamedTypeSymbol type) =>
        !type.IsAbstract
        && type.InstanceConstructors.FirstOrDefault(static constructor => constructor.Parameters.IsEmpty) is { } constructor
        && (constructor.Has(Attributes.SetsRequiredMembers) || !HasRequiredMembers(type));

    private static bool HasRequiredMembers(INamedTypeSymbol type) =>
        type.GetMembers().Any(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true })
        || (type.BaseType is { } baseType && HasRequiredMembers(baseType));
}
