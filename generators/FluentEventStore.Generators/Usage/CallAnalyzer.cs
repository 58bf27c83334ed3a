using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds methods of aggregates, deciders and handlers that no event reaches although their signatures are right.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NeverCalled];

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
            var taken = new Lazy<HashSet<ISymbol>>(() => AboveEvents(end));

            // A method of a base type is called if one of its derived types calls it.
            foreach (var calls in handlers.GroupBy(static handler => handler.Method, SymbolEqualityComparer.Default))
            {
                var faults = calls.Select(
                    handler => handler.Fault
                        ?? (handler.IsOfEvent ? Superseded(handler.Taken, upcast, end) : Empty(handler.Taken, taken.Value))).ToArray();
                if (faults.All(static fault => fault is not null))
                    end.ReportDiagnostic(
                        Diagnostic.Create(
                            Rules.NeverCalled,
                            calls.Key!.Locations[0],
                            calls.Key.ForMessage(),
                            faults.OrderBy(static fault => fault, StringComparer.Ordinal).First()));
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, StoreTypes types, ConcurrentBag<Handler> handlers)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var methods = new EventMethods(type, types);
        var named = methods.ByName().ToArray();
        var found = named.Select(method => (Method: method, Taken: methods.EventOf(method)!))
            .Where(static item => item.Taken is not null)
            .ToArray();
        foreach (var (method, taken) in found.Where(static item => item.Method.Locations[0].IsInSource))
        {
            var siblings = found.Where(item => SymbolEqualityComparer.Default.Equals(item.Taken, taken))
                .Select(static item => item.Method)
                .ToArray();
            var fault = context.Compilation.IsSymbolAccessibleWithin(method, type)
                ? named.Any(other => methods.DeletesSome(other, taken, context.Compilation)) ? null : Deleted(method, siblings, type)
                : $"it is private, and '{type.ForMessage()}' derives from its type";
            handlers.Add(new Handler(method, taken, IsOfEvent: true, fault));
        }

        foreach (var method in named.Where(
            method => method.Locations[0].IsInSource && context.Compilation.IsSymbolAccessibleWithin(method, type)))
        {
            if (methods.EventOf(method) is null && methods.BaseOfEventsOf(method, context.Compilation) is { } taken)
                handlers.Add(new Handler(method, taken, IsOfEvent: false, Fault: null));
        }

        foreach (var (method, fault) in methods.BehindInterfaces().Where(static item => item.Method.Locations[0].IsInSource))
        {
            if (methods.EventOf(method) is { } taken && !found.Any(item => SymbolEqualityComparer.Default.Equals(item.Taken, taken)))
                handlers.Add(new Handler(method, taken, IsOfEvent: true, fault));
        }
    }

    private static string? Superseded(
        INamedTypeSymbol eventType, ConcurrentDictionary<(string Name, int Version), byte> upcast, CompilationAnalysisContext context)
    {
        var shape = EventParser.NameOf(eventType);
        return upcast.ContainsKey(shape)
            && (eventType.IsSealed || EventsOf(eventType, context).All(arriving => upcast.ContainsKey(EventParser.NameOf(arriving))))
            ? $"version {shape.Version.ToString(CultureInfo.InvariantCulture)} of the event '{shape.Name}' is upcast before it arrives"
            : null;
    }

    private static string? Empty(INamedTypeSymbol taken, HashSet<ISymbol> aboveEvents) => aboveEvents.Contains(taken.OriginalDefinition)
        ? null
        : $"'{taken.ForMessage()}' is not an event, and no event "
            + $"{(taken.TypeKind == TypeKind.Interface ? "implements" : "derives from")} it; "
            + "mark it or the types that it stands for with [Event]";

    /// <summary>The event, and those that derive from it and reach its methods too.</summary>
    private static IEnumerable<INamedTypeSymbol> EventsOf(INamedTypeSymbol eventType, CompilationAnalysisContext context) =>
        DeclaredTypes.Events(context.Compilation, context.CancellationToken).Where(type => context.Compilation.Is(type, eventType));

    /// <summary>The base types and interfaces of all events, whatever their type arguments.</summary>
    private static HashSet<ISymbol> AboveEvents(CompilationAnalysisContext context)
    {
        var found = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var type in DeclaredTypes.Events(context.Compilation, context.CancellationToken))
        {
            found.UnionWith(type.AllInterfaces.Select(static implemented => implemented.OriginalDefinition));
            for (var current = type.BaseType; current is not null; current = current.BaseType)
                found.Add(current.OriginalDefinition);
        }

        return found;
    }

    /// <summary>Whether the event has always deleted the aggregate before the method's turn comes.</summary>
    private static string? Deleted(IMethodSymbol method, IMethodSymbol[] siblings, INamedTypeSymbol type)
    {
        if (method.Name == MethodNames.ShouldDelete || siblings.FirstOrDefault(IsAlwaysTrue) is not { } delete)
            return null;

        // Without a state there is nothing to ask, and Create has its turn, or Apply on a new state.
        var needsState = !delete.IsStatic || delete.Parameters.Length > 1;
        var beginsByCreate = siblings.Any(static sibling => sibling.Name == MethodNames.Create);
        return needsState && (method.Name == MethodNames.Create || (!beginsByCreate && StateTypes.CanBegin(type)))
            ? null
            : $"'{delete.ForMessage()}' is always true";
    }

    private static bool IsAlwaysTrue(IMethodSymbol method) =>
        method is { Name: MethodNames.ShouldDelete, IsVirtual: false }
        && method.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax() is MethodDeclarationSyntax declaration
        && (declaration.ExpressionBody?.Expression
            ?? (declaration.Body?.Statements is [ReturnStatementSyntax { Expression: { } returned }] ? returned : null))
            .IsKind(SyntaxKind.TrueLiteralExpression);

    /// <param name="Method">The method.</param>
    /// <param name="Taken">The event that it takes, or the base type of events.</param>
    /// <param name="IsOfEvent">Whether it is an event.</param>
    /// <param name="Fault">Why it is never called, as far as its type tells.</param>
    private sealed record Handler(IMethodSymbol Method, INamedTypeSymbol Taken, bool IsOfEvent, string? Fault);
}
