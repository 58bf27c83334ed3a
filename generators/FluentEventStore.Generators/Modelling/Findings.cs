using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>The diagnostics found while one attributed type is parsed.</summary>
internal sealed class Findings(Compilation compilation, Location fallback)
{
    private readonly List<Diagnostic> _diagnostics = [];

    public bool Any => _diagnostics.Count > 0;

    /// <summary>The diagnostics in the order of their discovery.</summary>
    public EquatableArray<Diagnostic> All => _diagnostics.ToEquatableArray();

    /// <summary>Reports at a symbol; at the attributed type where the symbol comes from another assembly.</summary>
    public void Add(DiagnosticDescriptor rule, ISymbol at, params object[] arguments)
    {
        var location = at.Locations.FirstOrDefault(location => location.SourceTree is { } tree && compilation.ContainsSyntaxTree(tree)) ?? fallback;
        _diagnostics.Add(Diagnostic.Create(rule, location, arguments));
    }
}
