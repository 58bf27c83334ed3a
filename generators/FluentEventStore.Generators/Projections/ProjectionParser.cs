using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Projections;

/// <summary>Makes the model of a type marked as a projection.</summary>
internal static class ProjectionParser
{
    private const string Suffix = "Projection";
    private const int MaxVersion = 999;

    private static readonly Argument[] Events = [Argument.Data, Argument.Event, Argument.AnyEvent, Argument.Metadata];

    public static Parsed<ProjectionModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var name = ParseName(match, type, findings);
        var version = ParseVersion(match, type, findings);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, findings);
        if (FaultOf(type, compilation) is { } fault)
            findings.Add(Rules.InvalidProjection, type, type.ForMessage(), fault);

        var model = findings.Any || BaseOf(type, KnownTypes.MultiStreamProjection) is not { } views
            ? null
            : ParseViews(type, views, compilation, findings, cancellationToken);
        return new Parsed<ProjectionModel>(
            findings.Any || model is null
                ? null
                : model with { Name = name, Version = version, IsOfStore = IsOfStore(match), Part = part! },
            findings.All,
            location);
    }

    private static ProjectionModel? ParseViews(
        INamedTypeSymbol type, INamedTypeSymbol views, Compilation compilation, Findings findings, CancellationToken cancellationToken)
    {
        var id = views.TypeArguments[1];
        if (views.TypeArguments[0] is not INamedTypeSymbol view || TypeFaults.IsUnfinished(view) || TypeFaults.IsUnfinished(id)
            || IsReportedDocument(view, compilation))
            return null;

        if (FaultOfView(view, id, compilation) is { } fault)
            findings.Add(Rules.InvalidView, type, view.ForMessage(), type.ForMessage(), fault);

        var parser = new FoldParser(type, view, compilation, findings, cancellationToken);
        var fold = parser.Parse();
        var methods = new MethodParser(type, state: null, compilation, findings, cancellationToken);
        var identity = methods.Parse(new MethodRule(
            MethodNames.Identity, Events, method => FaultOfIdentity(method, id), Returned: ReturnedByIdentity));
        var identities = methods.Parse(
            new MethodRule(MethodNames.Identities, Events, method => FaultOfIdentities(method, id, compilation)));
        DispatchMethod[] identifying = [.. identity, .. identities];

        // What cannot be called is reported already: then it is not said to be missing too.
        if (!findings.Any)
            ReportUnreachable(type, parser.Methods, identifying, compilation, findings);

        var order = new MethodOrder(compilation);
        var takesEvery = identifying.Any(static method => method.Taken is null);
        var eventTypes = takesEvery
            ? fold.TakenTypes.ToEquatableArray()
            : fold.TakesEveryEvent ? order.Cover(identifying) : fold.EventTypes;
        return new ProjectionModel(
            Name: "",
            Version: 1,
            IsOfStore: false,
            type.Bare(),
            type.Mangle() + "Dispatch",
            Part: null!,
            fold,
            identity.Cases(),
            identities.Cases(),
            IdTypes.WrappedBy(id) is { } value ? TypeNames.Escape(value.Name) : null,
            eventTypes);
    }

    private static void ReportUnreachable(
        INamedTypeSymbol type,
        IReadOnlyList<DispatchMethod> folding,
        DispatchMethod[] identifying,
        Compilation compilation,
        Findings findings)
    {
        if (folding.Count == 0)
            findings.Add(Rules.InvalidProjection, type, type.ForMessage(), "no method Create, Apply or Evolve takes an event");

        foreach (var method in folding)
        {
            if (!identifying.Any(other => Covers(other, method, compilation) || (method.Taken is null && identifying.Length > 0)))
                findings.Add(
                    Rules.NoViewOfEvent, method.Symbol, type.ForMessage(), method.Taken is { } taken ? taken.ForMessage() : "every event");
        }

        foreach (var method in identifying)
        {
            if (folding.Count > 0 && !folding.Any(other => Covers(method, other, compilation) || Covers(other, method, compilation)))
                findings.Add(
                    Rules.IdentityWithoutUse,
                    method.Symbol,
                    method.Symbol.ForMessage(),
                    method.Taken is { } taken ? taken.ForMessage() : "every event",
                    type.ForMessage());
        }
    }

    private static bool Covers(DispatchMethod outer, DispatchMethod inner, Compilation compilation) =>
        outer.Taken is null || (inner.Taken is { } taken && compilation.Is(taken, outer.Taken));

    private static string? FaultOf(INamedTypeSymbol type, Compilation compilation) => type switch
    {
        { TypeKind: not TypeKind.Class } => "it is not a class",
        { IsStatic: true } => "it is static",
        { IsAbstract: true } => "it is abstract",
        _ when TypeFaults.OfPart(type) is { } fault => fault,
        _ when type.IsForbidden() => Attributes.Forbidden,
        _ when !compilation.IsSymbolAccessibleWithin(type, compilation.Assembly) => TypeFaults.Hidden,
        _ when BaseOf(type, KnownTypes.MultiStreamProjection) is null && BaseOf(type, KnownTypes.EventProjection) is null =>
            "it derives from no kind of projection: MultiStreamProjection<TView, TId> or EventProjection",
        _ => null,
    };

    // The rules of documents say what is wrong with it, and generated code would only repeat that.
    private static bool IsReportedDocument(INamedTypeSymbol view, Compilation compilation) =>
        view.Has(KnownTypes.DocumentAttribute) && !view.Has(KnownTypes.AggregateAttribute)
            && (TypeFaults.Find(view, compilation) is not null || IdentityParser.Find(view, compilation) is null);

    private static string? FaultOfView(INamedTypeSymbol view, ITypeSymbol id, Compilation compilation) => view switch
    {
        _ when !view.Has(KnownTypes.DocumentAttribute) => "it is not marked with [Document]",
        _ when view.Has(KnownTypes.AggregateAttribute) => "it is an aggregate, which is folded from one stream",
        _ when IdentityParser.Property(view) is { } property && !SymbolEqualityComparer.Default.Equals(property.Type, id) =>
            $"its Id is of type '{property.Type.ForMessage()}', and its identities are of type '{id.ForMessage()}'",
        _ => null,
    };

    private static string? FaultOfIdentity(MethodCandidate candidate, ITypeSymbol id) =>
        SymbolEqualityComparer.Default.Equals(ValueOf(candidate.Method.ReturnType), id)
            ? null
            : $"it must return '{id.ForMessage()}', which may be null for an event that concerns no view";

    private static string? FaultOfIdentities(MethodCandidate candidate, ITypeSymbol id, Compilation compilation)
    {
        var sequence = compilation.GetSpecialType(SpecialType.System_Collections_Generic_IEnumerable_T).Construct(id);
        return compilation.HasImplicitConversion(candidate.Method.ReturnType, sequence)
            ? null
            : $"it must return a sequence of '{id.ForMessage()}'";
    }

    private static Returned ReturnedByIdentity(IMethodSymbol method) =>
        method.ReturnType.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? Returned.Optional : Returned.Value;

    private static ITypeSymbol ValueOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
            ? value
            : type;

    public static INamedTypeSymbol? BaseOf(INamedTypeSymbol type, string metadataName)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current.OriginalDefinition.MetadataName() == metadataName)
                return current;
        }

        return null;
    }

    public static string ParseName(Mark match, INamedTypeSymbol type, Findings findings)
    {
        var own = type.Name.Length > Suffix.Length && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
            ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
            : type.Name;
        var name = match.Attributes[0].Text() ?? NameRules.Kebab(own);
        if (NameRules.FaultOfDocumentName(name) is { } fault)
            findings.Add(Rules.InvalidName, type, name, "projection", type.ForMessage(), fault);

        return name;
    }

    public static int ParseVersion(Mark match, INamedTypeSymbol type, Findings findings)
    {
        var version = match.Attributes[0].Named("Version", 1);
        if (version is < 1 or > MaxVersion)
            findings.Add(
                Rules.InvalidProjection, type, type.ForMessage(), $"its version is {version}; versions are 1 to {MaxVersion}");

        return version;
    }

    public static bool IsOfStore(Mark match) => match.Attributes[0].Named("Tenancy", 0) == 1;
}
