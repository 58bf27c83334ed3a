using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Projections;

/// <summary>Makes the model of a projection that does what it wants with documents.</summary>
internal static class OperationParser
{
    private static readonly Argument[] Takes =
        [Argument.Data, Argument.Event, Argument.AnyEvent, Argument.Metadata, Argument.Session, Argument.CancellationToken];

    private static readonly EquatableArray<string> EveryEvent = new[] { "object" }.ToEquatableArray();

    public static Parsed<OperationModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);

        // What is wrong with a projection of any kind is found with the others.
        if (ProjectionParser.BaseOf(type, KnownTypes.EventProjection) is null)
            return new Parsed<OperationModel>(null, findings.All, location);

        var common = new Findings(compilation, location);
        var name = ProjectionParser.ParseName(match, type, common);
        var version = ProjectionParser.ParseVersion(match, type, common);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, common);
        var methods = new MethodParser(type, state: null, compilation, findings, cancellationToken)
            .Parse(new MethodRule(MethodNames.Project, Takes, FaultOf, MayBeAsync: true));
        if (methods.Count == 0 && !findings.Any)
            findings.Add(Rules.InvalidProjection, type, type.ForMessage(), "no method Project takes an event and IDocumentOperations");

        var documents = new WritesFinder(type, match.SemanticModel, findings, cancellationToken).Find(methods);
        if (findings.Any || common.Any)
            return new Parsed<OperationModel>(null, findings.All, location);

        return new Parsed<OperationModel>(
            new OperationModel(
                name,
                version,
                ProjectionParser.IsOfStore(match),
                type.Bare(),
                type.Mangle() + "Dispatch",
                part!,
                methods.Cases(),
                methods.Any(static method => method.Taken is null) ? EveryEvent : new MethodOrder(compilation).Cover(methods),
                documents.Select(static document => document.Bare()).OrderBy(static one => one, StringComparer.Ordinal).ToEquatableArray()),
            findings.All,
            location);
    }

    private static string? FaultOf(MethodCandidate candidate)
    {
        var sessions = candidate.Method.Parameters
            .Where((_, index) => candidate.Arguments[index] == Argument.Session)
            .ToArray();
        return sessions switch
        {
            not [_] => "it must take IDocumentOperations once",
            [var session] when session.Type.MetadataName() != KnownTypes.DocumentOperations =>
                "it writes with the projection, so it must take IDocumentOperations instead of a session",
            _ when !candidate.Method.ReturnsVoid && candidate.Method.ReturnType.MetadataName()
                is not ("System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask") => "it must return nothing or a task",
            _ => null,
        };
    }
}
