using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Messages;

/// <summary>Makes the model of a type marked as a message.</summary>
internal static class MessageParser
{
    public static Parsed<MessageModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var name = match.Attributes[0].Text() ?? NameRules.Kebab(type.Name);
        if (NameRules.FaultOfEventName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "message", type.ForMessage(), fault);

        var parser = new ShapeParser(compilation, JsonForm.Document, findings, cancellationToken);
        var shapes = parser.Parse(type);
        var model = findings.Any ? null : new MessageModel(name, type.Bare(), parser.CodecOf(type), shapes);
        return new Parsed<MessageModel>(model, findings.All, location);
    }
}
