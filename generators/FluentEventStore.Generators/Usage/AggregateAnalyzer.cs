using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using FluentEventStore.Generators.Aggregates;
using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds aggregates that never come to be, and methods of aggregates that no event reaches although their signatures are right.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AggregateAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.CannotBegin, Rules.NeverCalled, Rules.UnsavedState];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types)
    {
        var upcast = new ConcurrentDictionary<(string Name, int Version), byte>();
        var handlers = new ConcurrentBag<Handler>();
        foreach (var name in ReferencesParser.Parse(context.Compilation, context.CancellationToken).Names)
        {
            if (name.Kind == StoredName.Upcaster)
                upcast.TryAdd((name.Name, name.Version), 0);
        }

        context.RegisterSymbolAction(
            symbol =>
            {
                var method = (IMethodSymbol)symbol.Symbol;
                if (method.Parameters is [{ Type: INamedTypeSymbol old }, ..] && types.IsUpcaster(method) && types.IsEvent(old))
                    upcast.TryAdd(EventParser.NameOf(old), 0);
            },
            SymbolKind.Method);
        context.RegisterSymbolAction(symbol => Analyze(symbol, types, handlers), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end =>
        {
            // A method of a base type is called where one of the aggregates calls it.
            foreach (var calls in handlers.GroupBy(static handler => handler.Method, SymbolEqualityComparer.Default))
            {
                var faults = calls.Select(handler => handler.Fault ?? Superseded(handler.EventType, upcast, end)).ToArray();
                if (faults.All(static fault => fault is not null))
                    end.ReportDiagnostic(Diagnostic.Create(Rules.NeverCalled, calls.Key!.Locations[0], calls.Key.ForMessage(), faults.OrderBy(static fault => fault, StringComparer.Ordinal).First()));
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, StoreTypes types, ConcurrentBag<Handler> handlers)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!types.IsAggregate(type))
            return;

        ReportUnsaved(context, type, types);
        var methods = MethodsOf(type, types).ToArray();
        if (methods.Any(static method => method.Name == MethodNames.Apply) && !methods.Any(static method => method.Name == MethodNames.Create) && !AggregateParser.CanBegin(type))
            context.ReportDiagnostic(Diagnostic.Create(Rules.CannotBegin, type.Locations[0], type.ForMessage()));

        var found = methods.Select(method => (Method: method, EventType: EventOf(method, types)))
            .Where(static item => item.EventType is not null)
            .Select(static item => (item.Method, EventType: item.EventType!))
            .ToArray();
        foreach (var (method, eventType) in found.Where(static item => item.Method.Locations[0].IsInSource))
        {
            var siblings = found.Where(item => SymbolEqualityComparer.Default.Equals(item.EventType, eventType)).Select(static item => item.Method).ToArray();
            var fault = context.Compilation.IsSymbolAccessibleWithin(method, type)
                ? methods.Any(other => DeletesSome(other, eventType, types, context.Compilation)) ? null : Deleted(method, siblings, type)
                : $"it is private, and '{type.ForMessage()}' derives from its type";
            handlers.Add(new Handler(method, eventType, fault));
        }
    }

    private static void ReportUnsaved(SymbolAnalysisContext context, INamedTypeSymbol type, StoreTypes types)
    {
        // What a document keeps must be stored anyway, and is an error of its own.
        foreach (var name in types.IsDocument(type) ? [] : types.UnsavedBy(type))
        {
            var place = Members(type).FirstOrDefault(member => member.ForMessage() == name)?.Locations.FirstOrDefault(static location => location.IsInSource);
            context.ReportDiagnostic(Diagnostic.Create(Rules.UnsavedState, place ?? type.Locations[0], name, type.ForMessage()));
        }
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
                yield return member;
        }
    }

    /// <summary>The methods that are called for events by name: those of the type and of base types that are no aggregates themselves.</summary>
    private static IEnumerable<IMethodSymbol> MethodsOf(INamedTypeSymbol type, StoreTypes types)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            var isOwn = SymbolEqualityComparer.Default.Equals(current, type);
            foreach (var method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (method is { MethodKind: MethodKind.Ordinary, IsOverride: false, Name: MethodNames.Create or MethodNames.Apply or MethodNames.ShouldDelete }
                    && !AggregateParser.IsFactory(method) && (isOwn || method.DeclaredAccessibility != Accessibility.Private || !types.IsAggregate(current)))
                    yield return method;
            }
        }
    }

    private static INamedTypeSymbol? EventOf(IMethodSymbol method, StoreTypes types) => TakenBy(method, types).FirstOrDefault(types.IsEvent);

    private static IEnumerable<INamedTypeSymbol> TakenBy(IMethodSymbol method, StoreTypes types) => method.Parameters
        .Select(parameter => parameter.Type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol data] } envelope && types.IsEnvelope(envelope) ? data : parameter.Type)
        .OfType<INamedTypeSymbol>();

    private static string? Superseded(INamedTypeSymbol eventType, ConcurrentDictionary<(string Name, int Version), byte> upcast, CompilationAnalysisContext context)
    {
        var shape = EventParser.NameOf(eventType);
        return upcast.ContainsKey(shape) && (eventType.IsSealed || EventsOf(eventType, context).All(arriving => upcast.ContainsKey(EventParser.NameOf(arriving))))
            ? $"version {shape.Version.ToString(CultureInfo.InvariantCulture)} of the event '{shape.Name}' is upcast before it arrives"
            : null;
    }

    /// <summary>The event, and those that derive from it and reach its methods too.</summary>
    private static IEnumerable<INamedTypeSymbol> EventsOf(INamedTypeSymbol eventType, CompilationAnalysisContext context) =>
        DeclaredTypes.Events(context.Compilation, context.CancellationToken).Where(type => context.Compilation.Is(type, eventType));

    /// <summary>Whether a method decides on deletion for some of the events that derive from another one.</summary>
    private static bool DeletesSome(IMethodSymbol method, INamedTypeSymbol eventType, StoreTypes types, Compilation compilation) =>
        method.Name == MethodNames.ShouldDelete
        && TakenBy(method, types).Any(taken => !SymbolEqualityComparer.Default.Equals(taken, eventType) && compilation.Is(taken, eventType));

    /// <summary>Whether the event has always deleted the aggregate before the method's turn comes.</summary>
    private static string? Deleted(IMethodSymbol method, IMethodSymbol[] siblings, INamedTypeSymbol type)
    {
        if (method.Name == MethodNames.ShouldDelete || siblings.FirstOrDefault(IsAlwaysTrue) is not { } delete)
            return null;

        // Without a state there is nothing to ask, and Create has its turn, or Apply on a new state.
        var needsState = !delete.IsStatic || delete.Parameters.Length > 1;
        var beginsByCreate = siblings.Any(static sibling => sibling.Name == MethodNames.Create);
        return needsState && (method.Name == MethodNames.Create || (!beginsByCreate && AggregateParser.CanBegin(type)))
            ? null
            : $"'{delete.ForMessage()}' is always true";
    }

    private static bool IsAlwaysTrue(IMethodSymbol method) =>
        method is { Name: MethodNames.ShouldDelete, IsVirtual: false }
        && method.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax() is MethodDeclarationSyntax declaration
        && (declaration.ExpressionBody?.Expression ?? (declaration.Body?.Statements is [ReturnStatementSyntax { Expression: { } returned }] ? returned : null))
            .IsKind(SyntaxKind.TrueLiteralExpression);

    /// <param name="Method">The method.</param>
    /// <param name="EventType">The event that it takes.</param>
    /// <param name="Fault">Why it is never called, as far as its type tells.</param>
    private sealed record Handler(IMethodSymbol Method, INamedTypeSymbol EventType, string? Fault);
}
