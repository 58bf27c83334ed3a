using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Marks;

/// <summary>
/// Finds what is marked with attributes. The compiler's own search parses every marked declaration again whenever anything is typed
/// anywhere, since anything may mean something else by then. This one parses a file again when the file is edited, and all files when an
/// edit changes declarations that could matter.
/// </summary>
/// <remarks>
/// A compilation is handed on weakly: it lives as long as the run that looks at it, and what is kept between runs keeps none alive.
/// </remarks>
internal sealed class MarkFinder
{
    private readonly IncrementalValuesProvider<((Outline File, Surface Surface), WeakReference<Compilation> Compilation)> _files;

    public MarkFinder(IncrementalGeneratorInitializationContext context)
    {
        var outlines = context.CompilationProvider
            .SelectMany(static (compilation, _) => compilation.SyntaxTrees)
            .Select(static (tree, cancellationToken) => Outline.Of(tree, cancellationToken));
        var surface = outlines.Collect()
            .Combine(context.CompilationProvider)
            .Select(static (pair, _) => new Surface(pair.Left, pair.Right));
        var compilation = context.CompilationProvider.Select(static (compilation, _) => new WeakReference<Compilation>(compilation));
        _files = outlines.Where(static outline => outline.Marked.Count > 0)
            .Combine(surface)
            .Combine(compilation)
            .WithComparer(SameFile.Instance);
        References = surface.Combine(compilation).WithComparer(SameSurface.Instance).Select(static (input, cancellationToken) =>
        {
            var (surface, compilation) = input;
            if (!compilation.TryGetTarget(out var alive))
                return new ReferencesModel("", default, default);

            surface.FindReached(alive, cancellationToken);
            return ReferencesParser.Parse(alive, cancellationToken);
        });
    }

    /// <summary>What the references say; parsed again when what is declared changes.</summary>
    public IncrementalValueProvider<ReferencesModel> References { get; }

    /// <summary>Parses each type that is marked with an attribute.</summary>
    public IncrementalValuesProvider<T> FindTypes<T>(string attribute, Func<Mark, CancellationToken, T> parse) =>
        Find(attribute, static node => node is TypeDeclarationSyntax, parse);

    /// <summary>Parses each declaration of a kind that is marked with an attribute.</summary>
    public IncrementalValuesProvider<T> Find<T>(string attribute, Func<SyntaxNode, bool> isOfKind, Func<Mark, CancellationToken, T> parse)
    {
        var name = attribute.Substring(attribute.LastIndexOf('.') + 1);
        return _files.SelectMany((input, cancellationToken) =>
        {
            var ((file, surface), compilation) = input;
            var candidates = file.Marked.Where(
                marked => isOfKind(marked.Node) && marked.Names.Any(written => surface.CanMean(written, name))).ToArray();
            return candidates.Length == 0 || !compilation.TryGetTarget(out var alive)
                ? []
                : Parse(candidates, alive.GetSemanticModel(file.Tree), attribute, parse, cancellationToken);
        });
    }

    private static List<T> Parse<T>(
        MarkedNode[] candidates,
        SemanticModel model,
        string attribute,
        Func<Mark, CancellationToken, T> parse,
        CancellationToken cancellationToken)
    {
        var parsed = new List<T>(candidates.Length);
        foreach (var node in candidates.Select(static candidate => candidate.Node))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Mark.SymbolOf(node, model, cancellationToken) is not { } symbol)
                continue;

            // Of a partial type each part is a node, and the attribute stands on one of them.
            var attributes = symbol.GetAttributes()
                .Where(data => data.AttributeClass?.MetadataName() == attribute
                    && data.ApplicationSyntaxReference is { } at && at.SyntaxTree == node.SyntaxTree && node.Span.Contains(at.Span))
                .ToArray();
            if (attributes.Length > 0)
                parsed.Add(parse(new Mark(node, symbol, model, attributes), cancellationToken));
        }

        return parsed;
    }

    private sealed class SameFile : IEqualityComparer<((Outline File, Surface Surface), WeakReference<Compilation>)>
    {
        public static SameFile Instance { get; } = new();

        public bool Equals(
            ((Outline File, Surface Surface), WeakReference<Compilation>) x,
            ((Outline File, Surface Surface), WeakReference<Compilation>) y) =>
            x.Item1.File == y.Item1.File && x.Item1.Surface.Equals(y.Item1.Surface);

        public int GetHashCode(((Outline File, Surface Surface), WeakReference<Compilation>) obj) => obj.Item1.File.GetHashCode();
    }

    private sealed class SameSurface : IEqualityComparer<(Surface Surface, WeakReference<Compilation>)>
    {
        public static SameSurface Instance { get; } = new();

        public bool Equals((Surface Surface, WeakReference<Compilation>) x, (Surface Surface, WeakReference<Compilation>) y) =>
            x.Surface.Equals(y.Surface);

        public int GetHashCode((Surface Surface, WeakReference<Compilation>) obj) => obj.Surface.GetHashCode();
    }
}
