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
        var (name, version) = NameOf(type);
        CheckName(name, version, type, "event", findings);

        var aliases = AliasesOf(type, name, findings);

        var parser = new ShapeParser(compilation, JsonForm.Event, findings, cancellationToken);
        var shapes = parser.Parse(type);
        var tags = TagParser.Parse(type, findings);
        var model = findings.Any ? null : new EventModel(name, version, type.Bare(), parser.CodecName(type), aliases, tags, shapes);
        return new Parsed<EventModel>(model, findings.All, location);
    }

    /// <summary>The stored name and version of a type marked as an event.</summary>
    public static (string Name, int Version) NameOf(INamedTypeSymbol type)
    {
        var attribute = type.Find(KnownTypes.EventAttribute)!;
        return (attribute.Text() ?? NameRules.Kebab(type.Name), attribute.Named("Version", 1));
    }

    private static EquatableArray<string> AliasesOf(INamedTypeSymbol type, string name, Findings findings)
    {
        var aliases = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.MetadataName() != KnownTypes.EventAliasAttribute || attribute.Text() is not { } alias)
                continue;

            var fault = alias == name ? "it is the event's own name" : NameRules.FaultOfEventName(alias);
            if (fault is null)
                aliases.Add(alias);
            else
                findings.Add(Rules.InvalidName, type, alias, "event", type.ForMessage(), fault);
        }

        return aliases.ToArray().ToEquatableArray();
    }

    /// <summary>Reports a name or version that no event can have.</summary>
    public static void CheckName(string name, int version, ISymbol declared, string kind, Findings findings)
    {
        if (NameRules.FaultOfEventName(name) is { } fault)
            findings.Add(Rules.InvalidName, declared, name, kind, declared.ForMessage(), fault);

        if (version < 1)
            findings.Add(Rules.InvalidVersion, declared, declared.ForMessage(), version);
    }
}
