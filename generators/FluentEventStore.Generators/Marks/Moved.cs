using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.Generators.Marks;

/// <summary>Brings diagnostics up to date after an edit that did not change what is declared.</summary>
internal static class Moved
{
    /// <summary>The diagnostic at the present place of what it is about.</summary>
    public static Diagnostic In(this Diagnostic diagnostic, Compilation compilation) =>
        diagnostic.Location.SourceTree is not { } tree || compilation.ContainsSyntaxTree(tree)
            ? diagnostic
            : Diagnostic.Create(
                diagnostic.Id,
                diagnostic.Descriptor.Category,
                diagnostic.GetMessage(CultureInfo.InvariantCulture),
                diagnostic.Severity,
                diagnostic.DefaultSeverity,
                isEnabledByDefault: true,
                diagnostic.WarningLevel,
                diagnostic.Descriptor.Title,
                diagnostic.Descriptor.Description,
                diagnostic.Descriptor.HelpLinkUri,
                Find(tree, diagnostic.Location.SourceSpan, compilation));

    // The outlines before and after are the same. So the file is the one of this path with the same outline, and the token is the one with
    // the same number.
    private static Location Find(SyntaxTree before, TextSpan span, Compilation compilation)
    {
        var candidates = compilation.SyntaxTrees.Where(tree => tree.FilePath == before.FilePath).ToArray();
        var found = candidates.Length > 1
            ? candidates.FirstOrDefault(tree => HashOf(tree) == HashOf(before))
            : candidates.FirstOrDefault();
        if (found is not { } now)
            return Location.None;

        var number = Tokens(before).TakeWhile(token => token.Span.End <= span.Start).Count();
        var token = Tokens(now).Skip(number).FirstOrDefault();
        return Location.Create(now, token.Span.Length == span.Length ? token.Span : new TextSpan(token.SpanStart, 0));
    }

    private static ulong HashOf(SyntaxTree tree) => Outline.Of(tree, CancellationToken.None).Hash;

    private static IEnumerable<SyntaxToken> Tokens(SyntaxTree tree) =>
        Outline.Parts(tree.GetRoot()).Where(static part => part.IsToken).Select(static part => part.AsToken());
}
