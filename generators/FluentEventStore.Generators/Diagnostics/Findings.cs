using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Diagnostics;

/// <summary>The diagnostics found while one attributed type is parsed.</summary>
internal sealed class Findings
{
    private readonly Compilation _compilation;
    private readonly Location _fallback;
    private readonly List<Diagnostic> _diagnostics;

    /// <param name="compilation">The compilation that the type belongs to.</param>
    /// <param name="fallback">Where it is declared, or named.</param>
    public Findings(Compilation compilation, Location fallback)
        : this(compilation, fallback, [])
    {
    }

    private Findings(Compilation compilation, Location fallback, List<Diagnostic> diagnostics) =>
        (_compilation, _fallback, _diagnostics) = (compilation, fallback, diagnostics);

    public bool Any => _diagnostics.Count > 0;

    /// <summary>The diagnostics in the order of their discovery.</summary>
    public EquatableArray<Diagnostic> All => _diagnostics.ToEquatableArray();

    /// <summary>The same, with what comes from another assembly reported at the symbol that asks for it.</summary>
    public Findings For(ISymbol? asking) => asking is null ? this : new Findings(_compilation, PlaceOf(asking), _diagnostics);

    /// <summary>Reports at a symbol. If it comes from another assembly, reports at what asks for it, or at the attributed type.</summary>
    public void Add(DiagnosticDescriptor rule, ISymbol at, params object[] arguments) =>
        _diagnostics.Add(Diagnostic.Create(rule, PlaceOf(at), arguments));

    private Location PlaceOf(ISymbol symbol) =>
        symbol.Locations.FirstOrDefault(location => location.SourceTree is { } tree && _compilation.ContainsSyntaxTree(tree)) ?? _fallback;
}
