using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Handlers;

/// <summary>Makes the model of a type marked as a handler of events.</summary>
internal static class HandlerParser
{
    private static readonly MethodRule Handle = new(
        MethodNames.Handle,
        [Argument.Data, Argument.Event, Argument.AnyEvent, Argument.Metadata, Argument.Session, Argument.CancellationToken],
        static candidate => FaultOf(candidate.Method),
        MayBeAsync: true);

    public static Parsed<HandlerModel> Parse(Mark match, CancellationToken cancellationToken)
    {
        var type = (INamedTypeSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = type.Locations[0];
        var findings = new Findings(compilation, location);
        var part = PartialType.Parse(type, (TypeDeclarationSyntax)match.TargetNode, findings);
        var methods = new MethodParser(type, state: null, compilation, findings, cancellationToken).Parse(Handle);
        if (!findings.Any && (FaultOf(type) ?? (methods.Count == 0 ? $"it has no method {MethodNames.Handle}" : null)) is { } fault)
            findings.Add(Rules.InvalidDispatch, type, type.ForMessage(), "a handler of events", fault);

        var model = findings.Any
            ? null
            : new HandlerModel(type.Mangle() + "Handler", part!, methods.Cases(), new MethodOrder(compilation).Cover(methods));
        return new Parsed<HandlerModel>(model, findings.All, location);
    }

    private static string? FaultOf(INamedTypeSymbol type) =>
        type.IsStatic
            ? "it is static, so there is no instance that could get events; its methods may be static"
            : TypeFaults.OfPart(type);

    private static string? FaultOf(IMethodSymbol method) => method switch
    {
        { ReturnsVoid: true, IsAsync: true } => "nobody would wait for it: return Task or ValueTask",
        { ReturnsVoid: true } => null,
        _ when method.ReturnType.MetadataName() is "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask" => null,
        _ => "it must return nothing, Task or ValueTask",
    };
}
