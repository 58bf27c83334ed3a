using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>Makes the model of a type marked as an event.</summary>
internal static class EventParser
{
    public static Parsed<EventModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        return TypeFaults.HasTypeParameters(type)
            ? ParseOpen(type, match.SemanticModel.Compilation)
            : Parse(type, match.SemanticModel.Compilation, type.Locations[0], cancellationToken);
    }

    /// <summary>The model of a type that is marked as an event, or is a closed type of a definition that is.</summary>
    /// <param name="type">The type.</param>
    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    /// <param name="location">Where it is declared, or named.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Parsed<EventModel> Parse(
        INamedTypeSymbol type, Compilation compilation, Location location, CancellationToken cancellationToken)
    {
        var findings = new Findings(compilation, location);
        var (name, version) = NameOf(type);
        CheckName(name, version, type, "event", findings);

        var aliases = AliasesOf(type, name, findings);

        var parser = new ShapeParser(compilation, JsonForm.Event, findings, cancellationToken);
        var shapes = parser.Parse(type);
        var tags = TagParser.Parse(type, compilation, findings);
        var model = findings.Any ? null : new EventModel(
            name, version, type.Bare(), type.Erased(), AssemblyOf(type, compilation), parser.CodecOf(type), aliases, tags, shapes);
        return new Parsed<EventModel>(model, findings.All, location);
    }

    private static string AssemblyOf(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) ? "" : type.ContainingAssembly.Name;

    /// <summary>The stored name and version of a type marked as an event.</summary>
    public static (string Name, int Version) NameOf(INamedTypeSymbol type)
    {
        var attribute = type.Find(KnownTypes.EventAttribute)!;
        return ((attribute.Text() ?? NameRules.Kebab(type.Name)) + SuffixOf(type), attribute.Named("Version", 1));
    }

    /// <summary>An open type is no event yet: its closed types are.</summary>
    private static Parsed<EventModel> ParseOpen(INamedTypeSymbol type, Compilation compilation)
    {
        var findings = new Findings(compilation, type.Locations[0]);
        var attribute = type.Find(KnownTypes.EventAttribute)!;
        CheckName(attribute.Text() ?? NameRules.Kebab(type.Name), attribute.Named("Version", 1), type, "event", findings);
        return new Parsed<EventModel>(null, findings.All, type.Locations[0]);
    }

    /// <summary>What the arguments of a closed generic type add to its name.</summary>
    private static string SuffixOf(ITypeSymbol type) =>
        type.AllArguments().Select(ArgumentName).ToArray() is { Length: > 0 } arguments ? $"-of-{string.Join("-and-", arguments)}" : "";

    private static string ArgumentName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{ArgumentName(array.ElementType)}-array",
        INamedTypeSymbol named when named.Has(KnownTypes.EventAttribute) => NameOf(named).Name,
        _ => NameRules.Kebab(type.Name) + SuffixOf(type),
    };

    private static EquatableArray<string> AliasesOf(INamedTypeSymbol type, string name, Findings findings)
    {
        var aliases = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var attribute in type.GetAttributes())
        {
            if (attribute.AttributeClass?.MetadataName() != KnownTypes.EventAliasAttribute || attribute.Text() is not { } former)
                continue;

            var alias = former + SuffixOf(type);
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
