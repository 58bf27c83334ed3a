using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>From a type marked as an event to its model.</summary>
internal static class EventParser
{
    public static Parsed<EventModel> Parse(GeneratorAttributeSyntaxContext match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = match.TargetSymbol.Locations[0];
        var findings = new Findings(compilation, location);
        var attribute = match.Attributes[0];
        var name = attribute.Text() ?? NameRules.Kebab(type.Name);
        var version = attribute.Named("Version", 1);
        if (NameRules.FaultOfEventName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "event", type.ForMessage(), fault);

        if (version < 1)
            findings.Add(Rules.InvalidVersion, type, type.ForMessage(), version);

        var parser = new ShapeParser(compilation, JsonForm.Event, findings, cancellationToken);
        var shapes = parser.Parse(type);
        var model = findings.Any ? null : new EventModel(name, version, type.Bare(), parser.CodecName(type), shapes);
        return new Parsed<EventModel>(model, findings.All, location);
    }
}
