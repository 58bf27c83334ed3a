using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Documents;

/// <summary>Makes the model of a type marked as a document.</summary>
internal static class DocumentParser
{
    public static Parsed<DocumentModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var name = match.Attributes[0].Text() ?? NameRules.Kebab(type.Name);
        if (NameRules.FaultOfDocumentName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "document", type.ForMessage(), fault);

        var identity = IdentityParser.Find(type, compilation);
        if (identity is null)
            ReportIdentity(type, findings);

        var parser = new ShapeParser(compilation, JsonForm.Document, findings, cancellationToken);
        var shapes = parser.Parse(type);
        var model = findings.Any ? null : new DocumentModel(name, type.Bare(), identity!.TypeName, parser.CodecOf(type), shapes);
        return new Parsed<DocumentModel>(model, findings.All, location);
    }

    private static void ReportIdentity(INamedTypeSymbol type, Findings findings)
    {
        if (IdentityParser.Property(type) is not { } property)
            findings.Add(Rules.NoIdentity, type, type.ForMessage(), "it has no public property 'Id'");
        else if (!IdTypes.IsIdType(property.Type) && IdTypes.WrappedBy(property.Type) is null)
            findings.Add(Rules.NoIdentity, property, type.ForMessage(), $"its 'Id' is {IdentifyingProperty.FaultOf(property.Type)}");
        else if (property.Has(Attributes.JsonIgnore))
            findings.Add(Rules.NoIdentity, property, type.ForMessage(), "its 'Id' is ignored");
        else
            findings.Add(Rules.NoIdentity, property, type.ForMessage(), "its 'Id' cannot be assigned; declare it as { get; init; }");
    }
}
