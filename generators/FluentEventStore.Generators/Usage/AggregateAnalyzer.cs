using System.Collections.Immutable;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Usage;

/// <summary>Finds aggregates that never come to be, that no event changes, or that keep what a snapshot would not hold.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AggregateAnalyzer : StoreAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [
        Rules.CannotBegin,
        Rules.EmptyAggregate,
        Rules.UnsavedState
    ];

    private protected override void Start(CompilationStartAnalysisContext context, StoreTypes types) =>
        context.RegisterSymbolAction(symbol => Analyze(symbol, types), SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context, StoreTypes types)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!types.IsAggregate(type))
            return;

        ReportUnsaved(context, type, types);
        var methods = new EventMethods(type, types);
        var named = methods.ByName().ToArray();
        if (named.Any(static method => method.Name == MethodNames.Apply)
            && !named.Any(static method => method.Name == MethodNames.Create)
            && !StateTypes.CanBegin(type))
            context.ReportDiagnostic(Diagnostic.Create(Rules.CannotBegin, type.Locations[0], type.ForMessage()));
        else if (named.Length == 0 && !type.IsAbstract && !methods.BehindInterfaces().Any())
            context.ReportDiagnostic(Diagnostic.Create(Rules.EmptyAggregate, type.Locations[0], type.ForMessage()));
    }

    private static void ReportUnsaved(SymbolAnalysisContext context, INamedTypeSymbol type, StoreTypes types)
    {
        // What a document keeps must be stored anyway, and is an error of its own.
        foreach (var name in types.IsDocument(type) ? [] : types.UnsavedBy(type))
        {
            var place = Members(type).FirstOrDefault(member => member.ForMessage() == name)?.Locations.FirstOrDefault(
                static location => location.IsInSource);
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
}
